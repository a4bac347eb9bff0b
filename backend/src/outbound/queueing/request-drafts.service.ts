import { Injectable } from '@nestjs/common';
import type { SendMessage } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import type { LockedConversation } from '../../conversations/conversations.repository.js';
import type { Tx } from '../../database/database.js';
import { SendableFiles } from '../../media/sendable-files.js';
import { draftOf, wantedFile, type DraftContent } from '../content/outbound-draft.js';
import { ReactionsService } from './reactions.service.js';
import { TemplateDraftsService } from './template-drafts.service.js';

/** What a request says, with the files that it names. */
@Injectable()
export class RequestDraftsService {
  constructor(
    private readonly templates: TemplateDraftsService,
    private readonly reactions: ReactionsService,
    private readonly files: SendableFiles,
  ) {}

  /**
   * @throws TemplateUnavailableError, TemplateInvalidError, PhoneNeededError, MarketingStoppedError,
   * NotFoundError for a file, ReplyNotFoundError for what cannot be reacted to
   */
  async draft(
    tx: Tx,
    agent: AuthenticatedAgent,
    { row, now }: LockedConversation,
    request: SendMessage,
  ): Promise<DraftContent> {
    if (request.type === 'template') return this.templates.draft(tx, agent, row, request.template, now);
    const wanted = wantedFile(request);
    const file = wanted && (await this.files.take(tx, agent, wanted.fileId, wanted.kinds));
    if (request.type === 'reaction') await this.reactions.assertMayStand(tx, row.id, request.reaction);
    return draftOf(request, file);
  }
}
