import { Injectable } from '@nestjs/common';
import { Database, prepared, type Tx } from '../database/database.js';
import { HintsService } from '../hints/hints.service.js';
import type { LogEvent } from './log-event.js';

/** The one log: everything durable that a screen or a listener must learn, written in the causing transaction. */
@Injectable()
export class LogRepository {
  constructor(
    private readonly database: Database,
    private readonly hints: HintsService,
  ) {}

  /** Appends in the caller's transaction, in the given order; hints go out once it commits. */
  async append(tx: Tx, events: readonly LogEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = await prepared<{ xid: string }>(
      tx,
      `insert into events (type, conversation_id, message_id, agent_id, team_before, team_after,
                           assignee_before, assignee_after, data)
       select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
                            $8::uuid[], $9::jsonb[])
       returning xid`,
      [
        events.map((event) => event.type),
        events.map((event) => event.conversationId ?? null),
        events.map((event) => event.messageId ?? null),
        events.map((event) => event.agentId ?? null),
        events.map((event) => event.teamBefore ?? null),
        events.map((event) => event.teamAfter ?? null),
        events.map((event) => event.assigneeBefore ?? null),
        events.map((event) => event.assigneeAfter ?? null),
        events.map((event) => (event.data ? JSON.stringify(event.data) : null)),
      ],
    );
    const xid = rows[0]?.xid;
    if (xid !== undefined) this.database.afterCommit(tx, () => this.hints.publish('log', { xid }));
  }
}
