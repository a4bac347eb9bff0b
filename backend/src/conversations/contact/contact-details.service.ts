import { Injectable } from '@nestjs/common';
import { ATTRIBUTES_MAX, type Case, type ContactDetails, type UpdateContact } from '@parley/contract';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { NotFoundError } from '../../common/domain.error.js';
import { Database, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { timesAfter } from '../answers/answer-rules.js';
import { ConversationAccess } from '../conversation-access.js';
import { InvalidRequestError } from '../conversation.errors.js';
import type { ConversationRow } from '../conversation.row.js';
import { updatedEvent } from '../conversations.repository.js';
import { ContactDetailsRepository, type CaseRow } from './contact-details.repository.js';

/** The customer behind a conversation: whoever sees the conversation sees and changes what the team knows of them. */
@Injectable()
export class ContactDetailsService {
  constructor(
    private readonly database: Database,
    private readonly access: ConversationAccess,
    private readonly repository: ContactDetailsRepository,
    private readonly log: LogRepository,
  ) {}

  /** @throws NotFoundError */
  async get(agent: AuthenticatedAgent, id: string): Promise<ContactDetails> {
    return this.read(this.database.pool, await this.access.assertVisible(agent, id));
  }

  /** @throws NotFoundError, InvalidRequestError when there would be too many attributes */
  async update(agent: AuthenticatedAgent, id: string, change: UpdateContact): Promise<ContactDetails> {
    return this.database.transaction(async (tx) => {
      const row = await this.access.assertVisible(agent, id, tx);
      if (row.contactId === null) throw new NotFoundError('conversation');
      const before = await this.repository.lockContact(tx, row.contactId);
      if (!before) throw new NotFoundError('conversation');
      const attributes = merged(before.attributes, change.attributes ?? {});
      if (Object.keys(attributes).length > ATTRIBUTES_MAX) {
        throw new InvalidRequestError('attributes', `are more than ${ATTRIBUTES_MAX}`);
      }
      const language = change.language === undefined ? before.language : change.language;
      const changed = Object.keys(change.attributes ?? {});
      const times = timesAfter({ attributes, times: before.times }, changed, await this.database.now(tx));
      await this.repository.saveContact(tx, row.contactId, { language, attributes, times });
      const touched = await this.repository.touchConversations(tx, row.contactId);
      await this.log.append(
        tx,
        touched.map((place) => updatedEvent(place, place)),
      );
      return this.read(tx, row);
    });
  }

  private async read(tx: Tx, { id, contactId }: ConversationRow): Promise<ContactDetails> {
    const contact = contactId === null ? null : await this.repository.contact(tx, contactId);
    const cases = await this.repository.cases(tx, id);
    return {
      contactId,
      language: contact?.language ?? null,
      marketingStoppedAt: contact?.marketingStoppedAt?.toISOString() ?? null,
      attributes: contact?.attributes ?? {},
      cases: cases.map(toCase),
    };
  }
}

function merged(before: Record<string, string>, change: Record<string, string | null>): Record<string, string> {
  const after = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) after.delete(name);
    else after.set(name, value);
  }
  return Object.fromEntries(after);
}

const toCase = ({ resolvedById, resolvedByName, ...row }: CaseRow): Case => ({
  ...row,
  openedAt: row.openedAt.toISOString(),
  firstRepliedAt: row.firstRepliedAt?.toISOString() ?? null,
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
  resolvedBy: resolvedById === null ? null : { id: resolvedById, name: resolvedByName ?? '' },
});
