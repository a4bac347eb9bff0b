import { Injectable } from '@nestjs/common';
import { query, type Tx } from '../database/database.js';
import type { Pace } from './pace.js';

/** A refusal that concerns the whole number. */
export interface NumberRefusal {
  channelId: string;
  code: number;
  reason: string;
  /** `answer`: to a call that was made with this token. `status`: about a message, at the time that Meta gives. */
  told: { by: 'answer'; tokenSealed: string | null } | { by: 'status'; at: Date };
}

type PaceOfNumber = Pace & { id: string };

/** Stops numbers and slows them down, many at once. */
@Injectable()
export class ChannelRefusalsRepository {
  /**
   * Stops those that send; the first reason stays until sending is resumed. Nothing is drawn from the refusal of a token
   * that was replaced meanwhile, nor from a failure (whole seconds, as Meta tells them) before sending was resumed: the
   * cause of both is mended. Returns what this call stopped.
   */
  async stop(tx: Tx, refusals: readonly NumberRefusal[]): Promise<{ id: string; code: number }[]> {
    return query<{ id: string; code: number }>(
      tx,
      `with told as (
         select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) with ordinality
           as t (id, code, reason, token_sealed, failed_at, position)
       ), held as materialized (
         select id, access_token_sealed, date_trunc('second', sending_resumed_at) as resumed_at from channels
         where id = any($1) and sending_state = 'ok' order by id for no key update
       ), first as (
         select distinct on (held.id) held.id, told.code, told.reason
         from held join told using (id)
         where case when told.failed_at is null then held.access_token_sealed is not distinct from told.token_sealed
                    else held.resumed_at is null or told.failed_at >= held.resumed_at end
         order by held.id, told.position
       )
       update channels c
       set sending_state = 'stopped', sending_code = first.code, sending_reason = first.reason, sending_since = app_now()
       from first where c.id = first.id
       returning c.id, first.code`,
      [
        refusals.map(({ channelId }) => channelId),
        refusals.map(({ code }) => code),
        refusals.map(({ reason }) => reason),
        refusals.map(({ told }) => (told.by === 'answer' ? told.tokenSealed : null)),
        refusals.map(({ told }) => (told.by === 'status' ? told.at : null)),
      ],
    );
  }

  /** The paces of the numbers that may send, under their locks. */
  async lockPaces(tx: Tx, ids: readonly string[]): Promise<PaceOfNumber[]> {
    return query<PaceOfNumber>(
      tx,
      `select id, rate_limit as "rateLimit", pace_rate as rate, pace_tokens as tokens, pace_at as at,
              slowed_at as "slowedAt"
       from channels where id = any($1) and sending_state = 'ok' order by id for no key update`,
      [ids],
    );
  }

  async savePaces(tx: Tx, paces: readonly PaceOfNumber[]): Promise<void> {
    if (paces.length === 0) return;
    await query(
      tx,
      `update channels c set pace_rate = p.rate, pace_tokens = p.tokens, pace_at = p.at, slowed_at = p.slowed_at
       from unnest($1::uuid[], $2::float8[], $3::float8[], $4::timestamptz[], $5::timestamptz[])
         as p (id, rate, tokens, at, slowed_at)
       where c.id = p.id`,
      [
        paces.map(({ id }) => id),
        paces.map(({ rate }) => rate),
        paces.map(({ tokens }) => tokens),
        paces.map(({ at }) => at),
        paces.map(({ slowedAt }) => slowedAt),
      ],
    );
  }
}
