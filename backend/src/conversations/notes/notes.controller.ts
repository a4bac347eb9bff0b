import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Patch, Post, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  type CreateNote,
  createNoteSchema,
  idSchema,
  type Note,
  type NoteList,
  noteListSchema,
  noteSchema,
  problemSchema,
  type UpdateNote,
  updateNoteSchema,
} from '@parley/contract';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { CurrentAgent, Requires } from '../../common/access/decorators.js';
import { NotesService } from './notes.service.js';

const UNAVAILABLE = { standardSchema: problemSchema, description: 'note.mention_unavailable, with `agent`' };

@ApiTags('notes')
@Controller('conversations/:id/notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get()
  @ApiOperation({ summary: 'The team’s notes in a thread, pinned first' })
  @Requires('conversations.read')
  @ApiOkResponse({ standardSchema: noteListSchema })
  async list(
    @Param('id', { schema: idSchema }) id: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<NoteList> {
    return { items: await this.notes.list(agent, id) };
  }

  @Post()
  @ApiOperation({ summary: 'Writes a note that only the team sees; repeating the request returns the same note' })
  @Requires('conversations.act')
  @ApiCreatedResponse({ standardSchema: noteSchema })
  @ApiOkResponse({ standardSchema: noteSchema, description: 'The same note, for a repeated id' })
  @ApiConflictResponse(UNAVAILABLE)
  async create(
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: createNoteSchema }) request: CreateNote,
    @CurrentAgent() agent: AuthenticatedAgent,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Note> {
    const { note, isNew } = await this.notes.create(agent, id, request);
    void reply.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return note;
  }

  @Patch(':noteId')
  @ApiOperation({ summary: 'Changes the words of one’s own note, or pins any' })
  @Requires('conversations.act')
  @ApiOkResponse({ standardSchema: noteSchema })
  @ApiConflictResponse(UNAVAILABLE)
  update(
    @Param('id', { schema: idSchema }) id: string,
    @Param('noteId', { schema: idSchema }) noteId: string,
    @Body({ schema: updateNoteSchema }) request: UpdateNote,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<Note> {
    return this.notes.update(agent, id, noteId, request);
  }

  @Delete(':noteId')
  @ApiOperation({ summary: 'Erases a note' })
  @Requires('conversations.act')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  delete(
    @Param('id', { schema: idSchema }) id: string,
    @Param('noteId', { schema: idSchema }) noteId: string,
    @CurrentAgent() agent: AuthenticatedAgent,
  ): Promise<void> {
    return this.notes.delete(agent, id, noteId);
  }
}
