import { Injectable } from '@nestjs/common';
import type { FileFailure, FileKind, FileState } from '@parley/contract';
import { query, type Tx } from '../database/database.js';
import type { FileFacts } from './files/file-facts.js';
import type { Downloaded } from './media-source.js';

/** A file that is to be fetched, under its lease. */
export type LeasedFile = {
  id: string;
  channelId: string;
  announcedMimeType: string | null;
  announcedSha256: string | null;
  fileName: string | null;
  attempts: number;
} & ({ graphId: string; sourceUrl: null } | { graphId: null; sourceUrl: string });

/** A file as serving and sending need it. */
export interface MediaFile {
  id: string;
  state: FileState | 'deleting';
  kind: string;
  uploadedById: string | null;
  fileName: string | null;
  mimeType: string | null;
  size: number | null;
  sha256: string | null;
}

export type StoredFacts = Downloaded & FileFacts;

/** Rows of `media_files`: the state of all work on files. */
@Injectable()
export class MediaFilesRepository {
  /** Takes due files for this instance; what a dead one held is due again once its lease has run out. */
  async lease(tx: Tx, leaseId: string, leaseMs: number, limit: number): Promise<LeasedFile[]> {
    return query<LeasedFile>(
      tx,
      `update media_files f
       set lease_id = $1, lease_until = app_now() + $2 * interval '1 millisecond', attempts = f.attempts + 1
       from (
         select id from media_files
         where state = 'waiting' and next_attempt_at <= app_now() and (lease_until is null or lease_until <= app_now())
         order by next_attempt_at limit $3
         for update skip locked
       ) due
       where f.id = due.id
       returning f.id, f.channel_id as "channelId", f.graph_id as "graphId", f.source_url as "sourceUrl",
         f.announced_mime_type as "announcedMimeType", f.announced_sha256 as "announcedSha256",
         f.file_name as "fileName", f.attempts`,
      [leaseId, leaseMs, limit],
    );
  }

  async renew(tx: Tx, ids: readonly string[], leaseId: string, leaseMs: number): Promise<void> {
    await query(
      tx,
      `update media_files set lease_until = app_now() + $3 * interval '1 millisecond'
       where id = any($1) and lease_id = $2 and state = 'waiting'`,
      [ids, leaseId, leaseMs],
    );
  }

  /** Gives files back untried: the instance stops. */
  async release(tx: Tx, ids: readonly string[], leaseId: string): Promise<void> {
    await query(
      tx,
      `update media_files set lease_id = null, lease_until = null, attempts = attempts - 1
       where id = any($1) and lease_id = $2 and state = 'waiting'`,
      [ids, leaseId],
    );
  }

  /** False when the lease is another's by now, or the file is gone. */
  async markReady(tx: Tx, id: string, leaseId: string, facts: StoredFacts): Promise<boolean> {
    const rows = await query(
      tx,
      `update media_files
       set state = 'ready', lease_id = null, lease_until = null, next_attempt_at = null, failure = null,
         failure_detail = null, mime_type = $3, size_bytes = $4, sha256 = $5, width = $6, height = $7, duration_ms = $8,
         stored_at = app_now()
       where id = $1 and lease_id = $2 and state = 'waiting' returning id`,
      [id, leaseId, facts.mimeType, facts.size, facts.sha256, facts.width, facts.height, facts.durationMs],
    );
    return rows.length === 1;
  }

  /** `pauseMs` null gives up. */
  async markFailed(
    tx: Tx,
    id: string,
    leaseId: string,
    failure: FileFailure,
    detail: string,
    pauseMs: number | null,
  ): Promise<boolean> {
    const rows = await query(
      tx,
      `update media_files
       set state = case when $5::bigint is null then 'failed' else 'waiting' end, lease_id = null, lease_until = null,
         failure = $3, failure_detail = left($4, 500), next_attempt_at = app_now() + $5 * interval '1 millisecond'
       where id = $1 and lease_id = $2 and state = 'waiting' returning id`,
      [id, leaseId, failure, detail, pauseMs],
    );
    return rows.length === 1;
  }

  /** A person says Retry: all tries from the beginning. False when there is nothing to retry. */
  async retry(tx: Tx, id: string): Promise<boolean> {
    const rows = await query(
      tx,
      `update media_files
       set state = 'waiting', attempts = 0, failure = null, failure_detail = null, next_attempt_at = app_now(),
         lease_id = null, lease_until = null
       where id = $1 and graph_id is not null and (state = 'failed' or (state = 'waiting' and failure is not null))
       returning id`,
      [id],
    );
    return rows.length === 1;
  }

  async find(tx: Tx, id: string): Promise<MediaFile | null> {
    const [row] = await query<MediaFile>(
      tx,
      `select id, state, kind, uploaded_by_id as "uploadedById", file_name as "fileName", mime_type as "mimeType",
         size_bytes as "size", sha256
       from media_files where id = $1`,
      [id],
    );
    return row ?? null;
  }

  /** The conversations whose messages name the file, in the order in which they are locked. */
  async conversationsOf(tx: Tx, id: string): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `select conversation_id as id from messages where media_id = $1
       union select conversation_id from messages where card_file_ids @> array[$1::uuid]
       order by id`,
      [id],
    );
    return rows.map((row) => row.id);
  }

  /** Moves `rev` of the messages that name the file. */
  async touchMessages(tx: Tx, id: string): Promise<{ conversationId: string; messageId: string }[]> {
    return query(
      tx,
      `update messages set rev = rev + 1 where media_id = $1 or card_file_ids @> array[$1::uuid]
       returning conversation_id as "conversationId", id as "messageId"`,
      [id],
    );
  }

  async insertUpload(
    tx: Tx,
    file: {
      id: string;
      kind: FileKind;
      uploadedById: string;
      fileName: string | null;
      facts: StoredFacts;
      waveform: number[] | null;
    },
  ): Promise<void> {
    const { facts } = file;
    await query(
      tx,
      `insert into media_files (id, kind, uploaded_by_id, file_name, state, mime_type, size_bytes, sha256, width, height,
         duration_ms, waveform, created_at, stored_at, unlinked_at)
       values ($1, $2, $3, $4, 'ready', $5, $6, $7, $8, $9, $10, $11, app_now(), app_now(), app_now())`,
      [
        file.id,
        file.kind,
        file.uploadedById,
        file.fileName,
        facts.mimeType,
        facts.size,
        facts.sha256,
        facts.width,
        facts.height,
        facts.durationMs,
        file.waveform ? JSON.stringify(file.waveform) : null,
      ],
    );
  }

  /** Files that no message has named for this long are marked, so that nobody sends them any more. */
  async markUnlinked(tx: Tx, graceSeconds: number, limit: number): Promise<string[]> {
    const rows = await query<{ id: string }>(
      tx,
      `update media_files f set state = 'deleting'
       from (
         select id from media_files u
         where unlinked_at <= app_now() - $1 * interval '1 second'
           and not exists (select from messages m where m.media_id = u.id)
           and not exists (select from messages m where m.card_file_ids @> array[u.id])
         order by unlinked_at limit $2
         for update skip locked
       ) old
       where f.id = old.id
       returning f.id`,
      [graceSeconds, limit],
    );
    return rows.map((row) => row.id);
  }

  /** After the bytes are gone. */
  async remove(tx: Tx, ids: readonly string[]): Promise<void> {
    await query(tx, `delete from media_files where id = any($1) and state = 'deleting'`, [ids]);
  }
}
