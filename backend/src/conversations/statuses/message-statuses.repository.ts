import { Injectable } from '@nestjs/common';
import { prepared, type Tx } from '../../database/database.js';
import { LogRepository } from '../../log/log.repository.js';
import { WaitingItemsRepository } from '../inbound/waiting-items.repository.js';
import { MessageChargesRepository } from './message-charges.repository.js';
import { RefusedNumbers } from './refused-numbers.js';
import { movedEvents, StatusApplicationRepository, type MovedMessage } from './status-application.repository.js';
import type { StatusHead } from './status-head.js';
import { join, PRICING_RANK, type StatusFacts } from './status-ladder.js';
import { statusSteps, type StatusError, type StatusPricing, type StatusStep } from './status-report.js';

/** What one source knows of one (channel, wamid, participant). */
export interface StatusRow extends StatusFacts {
  channelId: string;
  wamid: string;
  /** '' = the message as a whole: the meeting point of the Graph answer, every status and every echo. */
  participant: string;
}

const TIME_COLUMNS = statusSteps.map((step) => `${step}_at`);

interface Row {
  channelId: string;
  wamid: string;
  participant: string;
  conversationId: string | null;
  messageId: string | null;
  errors: StatusError[] | null;
  pricing: StatusPricing | null;
  after: (Date | null)[];
  before: (Date | null)[] | null;
  othersBefore: Record<string, string> | null;
}

const leastOf = (column: string) => `least(s.${column}, excluded.${column})`;

/** As `rankOfPricing` ranks it; '' where nothing was said. */
const rankOf = (row: string) =>
  `concat_ws('|', ${PRICING_RANK.map((key) => `${row}.pricing ->> '${key}'`).join(', ')}) collate "C"`;

/** Earliest of each step, so that the result is the same for every order; untouched where nothing is new. */
const UPSERT = `
  with input as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
      $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::uuid[],
      $14::uuid[], $15::int[])
      as i (channel_id, wamid, participant, ${TIME_COLUMNS.join(', ')}, errors, pricing, others, conversation_id,
        message_id, attempt)
  ), before as (
    select s.* from input i join message_statuses s using (channel_id, wamid, participant)
  ), written as (
    insert into message_statuses as s (channel_id, wamid, participant, ${TIME_COLUMNS.join(', ')}, errors, pricing,
      others, conversation_id, message_id, attempt)
    select * from input order by channel_id, wamid, participant
    on conflict (channel_id, wamid, participant) do update set
      ${TIME_COLUMNS.map((column) => `${column} = ${leastOf(column)}`).join(', ')},
      errors = case when s.failed_at is null or excluded.failed_at < s.failed_at then excluded.errors
                    when excluded.failed_at = s.failed_at then least(s.errors, excluded.errors)
                    else s.errors end,
      pricing = case when ${rankOf('excluded')} > ${rankOf('s')} then excluded.pricing
                     else coalesce(s.pricing, excluded.pricing) end,
      others = case when s.others is null or excluded.others is null then coalesce(s.others, excluded.others)
                    else (select jsonb_object_agg(o.key, o.earliest)
                          from (select key, min(value) as earliest
                                from (select * from jsonb_each_text(s.others)
                                      union all select * from jsonb_each_text(excluded.others)) pairs
                                group by key) o) end,
      conversation_id = coalesce(s.conversation_id, excluded.conversation_id),
      message_id = coalesce(s.message_id, excluded.message_id),
      attempt = coalesce(s.attempt, excluded.attempt)
    where (${TIME_COLUMNS.map((column) => `s.${column}`).join(', ')}, s.pricing is null, s.message_id is null)
        is distinct from (${TIME_COLUMNS.map(leastOf).join(', ')},
          coalesce(s.pricing, excluded.pricing) is null, coalesce(s.message_id, excluded.message_id) is null)
      or ${rankOf('excluded')} > ${rankOf('s')}
      or (excluded.others is not null and s.others is distinct from s.others || excluded.others)
    returning *
  )
  select r.channel_id as "channelId", r.wamid, r.participant, r.conversation_id as "conversationId",
    r.message_id as "messageId", r.errors, r.pricing,
    array[${TIME_COLUMNS.map((column) => `r.${column}`).join(', ')}] as "after",
    case when b.wamid is not null then array[${TIME_COLUMNS.map((column) => `b.${column}`).join(', ')}] end as "before",
    b.others as "othersBefore"
  from written r left join before b using (channel_id, wamid, participant)`;

/** Rows that had nothing to learn: the upsert has locked them, so a fresh look sees them as they stay. */
const READ = `
  select s.channel_id as "channelId", s.wamid, s.participant, s.conversation_id as "conversationId",
    s.message_id as "messageId", s.errors, s.pricing, array[${TIME_COLUMNS.map((column) => `s.${column}`).join(', ')}] as "after",
    array[${TIME_COLUMNS.map((column) => `s.${column}`).join(', ')}] as "before", s.others as "othersBefore"
  from unnest($1::uuid[], $2::text[], $3::text[]) as i (channel_id, wamid, participant)
  join message_statuses s using (channel_id, wamid, participant)`;

/** One row per (channel, wamid, participant), whoever hears of it first. */
@Injectable()
export class MessageStatusesRepository {
  constructor(
    private readonly application: StatusApplicationRepository,
    private readonly charges: MessageChargesRepository,
    private readonly numbers: RefusedNumbers,
    private readonly waiting: WaitingItemsRepository,
    private readonly log: LogRepository,
  ) {}

  /**
   * Writes what is new and returns every row as it stands now, locked until the transaction ends. Whoever upserts the
   * head *first* and then acts on what comes back can never miss what another transaction learnt meanwhile.
   */
  async upsert(tx: Tx, rows: readonly StatusRow[]): Promise<StatusHead[]> {
    if (rows.length === 0) return [];
    const folded = fold(rows);
    const written = await this.write(tx, folded);
    if (written.length === folded.length) return written;
    const known = new Set(written.map(keyOf));
    return [
      ...written,
      ...(await this.read(
        tx,
        folded.filter((row) => !known.has(keyOf(row))),
      )),
    ];
  }

  /**
   * Brings the messages of these heads to the state that they say, registers the wamid of messages that our callback
   * data name, wakes what waited for such a wamid, and logs what changed. Call it with what `upsert` returned, after
   * the conversations' locks (if any) were taken.
   */
  async applyToMessages(tx: Tx, heads: readonly StatusHead[]): Promise<MovedMessage[]> {
    if (heads.length === 0) return [];
    await this.waiting.wake(tx, await this.application.registerCallbacks(tx, heads));
    const moved = await this.application.move(tx, heads);
    await this.charges.note(tx, heads);
    const closed = await this.application.closeWindows(tx, moved);
    await this.application.releaseOutbox(tx, moved);
    const failed = moved.filter(({ status }) => status === 'failed');
    await this.numbers.heed(tx, failed);
    const placeOfThread = new Map(failed.map((message) => [message.conversationId, message]));
    const targets = (await this.application.touchReactionTargets(tx, failed)).flatMap(
      ({ conversationId, messageId }) => {
        const carrier = placeOfThread.get(conversationId);
        return carrier ? [{ ...carrier, messageId }] : [];
      },
    );
    await this.log.append(tx, [...movedEvents([...moved, ...targets]), ...movedEvents(closed, 'conversation.updated')]);
    return moved;
  }

  /** A reaction that failed is not shown any more: the messages under such reactions, each with its `rev` moved. */
  async touchReactionTargets(
    tx: Tx,
    failed: readonly { conversationId: string; messageId: string }[],
  ): Promise<{ conversationId: string; messageId: string }[]> {
    return this.application.touchReactionTargets(tx, failed);
  }

  private async write(tx: Tx, rows: readonly StatusRow[]): Promise<StatusHead[]> {
    const found = await prepared<Row>(tx, UPSERT, [
      rows.map((row) => row.channelId),
      rows.map((row) => row.wamid),
      rows.map((row) => row.participant),
      ...statusSteps.map((step) => rows.map((row) => row.times[step] ?? null)),
      rows.map((row) => json(row.errors)),
      rows.map((row) => json(row.pricing)),
      rows.map((row) => json(row.others)),
      rows.map((row) => row.callback?.conversationId ?? null),
      rows.map((row) => row.callback?.messageId ?? null),
      rows.map((row) => row.callback?.attempt ?? null),
    ]);
    return found.map(toHead);
  }

  private async read(tx: Tx, rows: readonly StatusRow[]): Promise<StatusHead[]> {
    const found = await prepared<Row>(tx, READ, [
      rows.map((row) => row.channelId),
      rows.map((row) => row.wamid),
      rows.map((row) => row.participant),
    ]);
    return found.map(toHead);
  }
}

const toHead = ({ after, before, ...row }: Row): StatusHead => ({
  ...row,
  times: timesOf(after),
  before: timesOf(before ?? []),
});

const json = (value: object | null): string | null => (value ? JSON.stringify(value) : null);

const keyOf = (row: Pick<StatusRow, 'channelId' | 'wamid' | 'participant'>): string =>
  JSON.stringify([row.channelId, row.wamid, row.participant]);

function fold(rows: readonly StatusRow[]): StatusRow[] {
  const byKey = new Map<string, StatusRow>();
  for (const row of rows) {
    const known = byKey.get(keyOf(row));
    byKey.set(keyOf(row), known ? { ...row, ...join(known, row) } : row);
  }
  return [...byKey.values()];
}

function timesOf(columns: readonly (Date | null)[]): Partial<Record<StatusStep, Date>> {
  const times: Partial<Record<StatusStep, Date>> = {};
  for (const [index, step] of statusSteps.entries()) {
    const at = columns[index];
    if (at) times[step] = at;
  }
  return times;
}
