import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Gallery, type GalleryQuery, galleryQuerySchema, gallerySchema, idSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { GalleryService } from './gallery.service.js';

@ApiTags('conversations')
@Controller('conversations/:id/gallery')
export class GalleryController {
  constructor(private readonly gallery: GalleryService) {}

  @Get()
  @Requires('conversations.read')
  @ApiOperation({ summary: 'Messages with pictures and films, with files, or with links; newest first' })
  @ApiOkResponse({ standardSchema: gallerySchema })
  page(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: galleryQuerySchema }) request: GalleryQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Gallery> {
    return this.gallery.page(agent, id, request);
  }
}
