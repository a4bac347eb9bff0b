import { Controller, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import {
  idSchema,
  problemSchema,
  type UploadedFile,
  uploadedFileSchema,
  type UploadQuery,
  uploadQuerySchema,
} from '@parley/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { byteRange } from './byte-range.js';
import { mediaHeaders } from './media-headers.js';
import { MediaService } from './media.service.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly media: MediaService,
    private readonly uploads: UploadsService,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'The bytes of a file; `Range` is understood, `?download` makes it an attachment' })
  @Requires('conversations.read')
  @ApiOkResponse({ content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } })
  @ApiResponse({ status: 404, description: 'media.not_found', standardSchema: problemSchema })
  async bytes(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const file = await this.media.open(agent, id);
    const isDownload = new URL(request.url, 'http://localhost').searchParams.has('download');
    const range = byteRange(request.headers.range, file.size);
    if (range === 'unsatisfiable') {
      void reply.status(416).headers({ 'content-range': `bytes */${file.size}`, 'cache-control': 'private, no-store' });
      return undefined;
    }
    const stream = await this.media.read(id, range);
    const { first, last } = range ?? { first: 0, last: file.size - 1 };
    void reply.status(range ? 206 : 200).headers({
      ...mediaHeaders(file, isDownload),
      'content-length': String(last - first + 1),
      ...(range && { 'content-range': `bytes ${first}-${last}/${file.size}` }),
    });
    return new StreamableFile(stream);
  }

  @Post()
  @ApiOperation({ summary: 'Uploads a file to be sent; the body is its bytes' })
  @Requires('messages.send')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ standardSchema: uploadedFileSchema })
  @ApiResponse({ status: 413, description: 'media.too_large', standardSchema: problemSchema })
  @ApiResponse({ status: 422, description: 'media.unsupported', standardSchema: problemSchema })
  async upload(
    @Query({ schema: uploadQuerySchema }) query: UploadQuery,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Req() request: FastifyRequest,
  ): Promise<UploadedFile> {
    return this.uploads.take(agent, query, request.body as Readable, Number(request.headers['content-length'] ?? 0));
  }

  @Post(':id/retry')
  @ApiOperation({ summary: 'Fetches a file again that could not be fetched' })
  @HttpCode(204)
  @Requires('conversations.act')
  @ApiNoContentResponse()
  @ApiResponse({ status: 409, description: 'media.not_retryable', standardSchema: problemSchema })
  async retry(@Param('id', { schema: idSchema }) id: string, @CurrentAgent() agent: AuthenticatedAgent): Promise<void> {
    await this.media.retry(agent, id);
  }
}
