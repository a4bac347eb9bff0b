import { Injectable } from '@nestjs/common';
import type { Case } from '@parley/contract';
import { query, type Tx } from '../../database/database.js';

export interface ContactRow {
  language: string | null;
  attributes: Record<string, string>;
  /** When each of them, and each that was taken away, changed last. */
  times: Record<string, string>;
  marketingStoppedAt: Date | null;
}
const COLUMNS = `language, attributes, attribute_times as times,
  case when marketing_stopped then marketing_told_at end as "marketingStoppedAt"`;

/** A case with who resolved it and how much was said in it. */
export interface CaseRow {
  id: string;
  number: number;
  openedAt: Date;
  openedBy: Case['openedBy'];
  firstRepliedAt: Date | null;
  resolvedAt: Date | null;
  resolvedById: string | null;
  resolvedByName: string | null;
  messageCount: number;
}

const CASES_SHOWN = 20;

/** What the panel beside a thread asks for and changes. */
@Injectable()
export class ContactDetailsRepository {
  async contact(tx: Tx, contactId: string): Promise<ContactRow | null> {
    const [row] = await query<ContactRow>(tx, `select ${COLUMNS} from contacts where id = $1`, [contactId]);
    return row ?? null;
  }

  /** Under its lock, so that two who change different attributes both succeed. */
  async lockContact(tx: Tx, contactId: string): Promise<ContactRow | null> {
    const [row] = await query<ContactRow>(tx, `select ${COLUMNS} from contacts where id = $1 for update`, [contactId]);
    return row ?? null;
  }

  async saveContact(
    tx: Tx,
    contactId: string,
    { language, attributes, times }: Omit<ContactRow, 'marketingStoppedAt'>,
  ): Promise<void> {
    await query(
      tx,
      `update contacts set language = $2, attributes = $3, attribute_times = $4, updated_at = app_now() where id = $1`,
      [contactId, language, JSON.stringify(attributes), JSON.stringify(times)],
    );
  }

  async cases(tx: Tx, conversationId: string): Promise<CaseRow[]> {
    return query<CaseRow>(
      tx,
      `select k.id, k.number, k.opened_at as "openedAt", k.opened_by as "openedBy",
         k.first_replied_at as "firstRepliedAt", k.resolved_at as "resolvedAt", k.resolved_by_id as "resolvedById",
         agent.name as "resolvedByName",
         (select count(*) from messages m
          where m.conversation_id = k.conversation_id and m.case_id = k.id)::int as "messageCount"
       from cases k left join agents agent on agent.id = k.resolved_by_id
       where k.conversation_id = $1 order by k.number desc limit ${CASES_SHOWN}`,
      [conversationId],
    );
  }

  /** Every screen that shows a conversation of this customer asks for the details again. */
  async touchConversations(
    tx: Tx,
    contactId: string,
  ): Promise<{ id: string; teamId: string | null; assigneeId: string | null }[]> {
    return query(
      tx,
      `update conversations set rev = rev + 1
       where id in (select id from conversations where contact_id = $1 and merged_into_id is null order by id for update)
       returning id, team_id as "teamId", assignee_id as "assigneeId"`,
      [contactId],
    );
  }
}
