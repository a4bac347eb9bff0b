import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  type BusinessProfile,
  businessProfileSchema,
  idSchema,
  problemSchema,
  type ProfilePicture,
  profilePictureSchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { ProfilePictureService } from './profile-picture.service.js';

@ApiTags('channels')
@Controller('channels/:id/profile/picture')
export class ProfilePictureController {
  constructor(private readonly pictures: ProfilePictureService) {}

  @Put()
  @ApiOperation({ summary: 'Puts a picture that this agent uploaded (`POST /api/media?kind=image`) into the profile' })
  @Requires('channels.manage')
  @ApiOkResponse({ standardSchema: businessProfileSchema })
  @ApiResponse({ status: 404, description: 'channel.not_found, media.not_found', standardSchema: problemSchema })
  @ApiResponse({ status: 502, description: 'channel.graph_refused', standardSchema: problemSchema })
  change(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: profilePictureSchema }) { fileId }: ProfilePicture,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<BusinessProfile> {
    return this.pictures.change(agent, id, fileId);
  }
}
