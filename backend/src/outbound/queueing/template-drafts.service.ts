import { Injectable } from '@nestjs/common';
import { type FilledTemplate, filledTemplateSchema } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import type { ConversationRow } from '../../conversations/conversation.row.js';
import type { Tx } from '../../database/database.js';
import { SendableFiles } from '../../media/sendable-files.js';
import type { PreparedTemplate } from '../../templates/template-sending.js';
import { TemplatesService } from '../../templates/templates.service.js';
import { withFilesOf } from '../content/linked-content.js';
import { templateDraft, type DraftContent } from '../content/outbound-draft.js';
import type { SentBefore } from './outbound.repository.js';
import { RecipientsService } from './recipients.service.js';

type Place = Pick<ConversationRow, 'id' | 'channelId'>;

/** Templates as messages of a conversation: as Meta has them by now, filled right, and to a customer who may get them. */
@Injectable()
export class TemplateDraftsService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly recipients: RecipientsService,
    private readonly files: SendableFiles,
  ) {}

  /**
   * With the files that the agent uploaded for it.
   * @throws TemplateUnavailableError, TemplateInvalidError, PhoneNeededError, MarketingStoppedError, NotFoundError for a
   * file
   */
  async draft(
    tx: Tx,
    agent: AuthenticatedAgent,
    place: Place,
    filled: FilledTemplate,
    now: Date,
  ): Promise<DraftContent> {
    const prepared = await this.prepared(tx, place, filled, now);
    for (const card of prepared.cardFiles) await this.files.take(tx, agent, card.fileId, card.kinds);
    const { file } = prepared;
    return templateDraft(prepared, file && (await this.files.take(tx, agent, file.fileId, file.kinds)));
  }

  /**
   * One that was sent before, as it is by now and by the same rules; its file is the one that it had. Null for what is no
   * template.
   * @throws TemplateUnavailableError, TemplateInvalidError, PhoneNeededError, MarketingStoppedError
   */
  async again(tx: Tx, place: Place, original: SentBefore, now: Date): Promise<DraftContent | null> {
    const filled = filledTemplateSchema.safeParse(original.request?.['template']).data;
    if (original.type !== 'template' || !filled) return null;
    const { mediaId, content } = original;
    const cardFileIds = (content.template?.cards ?? []).map((card) => card.fileId);
    const asSent = withFilesOf(filled, { mediaId, cardFileIds });
    const draft = templateDraft(await this.prepared(tx, place, asSent, now), null);
    return { ...draft, mediaId, content: { ...draft.content, ...(content.media && { media: content.media }) } };
  }

  private async prepared(
    tx: Tx,
    { id, channelId }: Place,
    filled: FilledTemplate,
    now: Date,
  ): Promise<PreparedTemplate> {
    const prepared = await this.templates.prepare(tx, channelId, filled, now);
    await this.recipients.assertMayGetTemplate(tx, id, prepared);
    return prepared;
  }
}
