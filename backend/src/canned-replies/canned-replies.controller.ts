import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  type CannedReply,
  type CannedReplyList,
  cannedReplyListSchema,
  cannedReplySchema,
  type CreateCannedReply,
  createCannedReplySchema,
  idSchema,
  problemSchema,
  type UpdateCannedReply,
  updateCannedReplySchema,
} from '@parley/contract';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../common/access/decorators.js';
import { CannedRepliesService } from './canned-replies.service.js';

const TAKEN = { standardSchema: problemSchema, description: 'canned_reply.shortcut_taken' };

@ApiTags('canned replies')
@Controller('canned-replies')
export class CannedRepliesController {
  constructor(private readonly replies: CannedRepliesService) {}

  @Get()
  @ApiOperation({ summary: 'The ready-made replies that the caller may use' })
  @Requires('canned_replies.read')
  @ApiOkResponse({ standardSchema: cannedReplyListSchema })
  async list(@CurrentAgent() agent: AuthenticatedAgent): Promise<CannedReplyList> {
    return { items: await this.replies.list(agent) };
  }

  @Post()
  @ApiOperation({ summary: 'Adds a ready-made reply' })
  @Requires('canned_replies.manage')
  @ApiCreatedResponse({ standardSchema: cannedReplySchema })
  @ApiConflictResponse(TAKEN)
  create(
    @Body({ schema: createCannedReplySchema }) request: CreateCannedReply,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<CannedReply> {
    return this.replies.create(agent, request);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Changes a ready-made reply' })
  @Requires('canned_replies.manage')
  @ApiOkResponse({ standardSchema: cannedReplySchema })
  @ApiConflictResponse(TAKEN)
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: updateCannedReplySchema }) request: UpdateCannedReply,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<CannedReply> {
    return this.replies.update(agent, id, request);
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Removes a ready-made reply' })
  @Requires('canned_replies.manage')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  delete(@Param('id', { schema: idSchema }) id: string): Promise<void> {
    return this.replies.delete(id);
  }
}
