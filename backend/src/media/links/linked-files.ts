import { Inject, Injectable, Logger } from '@nestjs/common';
import { FILE_LIMITS, type FileKind } from '@parley/contract';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuthenticatedAgent } from '../../common/access/authenticated-agent.js';
import { DomainError } from '../../common/domain.error.js';
import { newId } from '../../common/ids.js';
import { Database } from '../../database/database.js';
import { fileFacts } from '../files/file-facts.js';
import { MediaFilesRepository, type StoredFacts } from '../media-files.repository.js';
import { MEDIA_STORE, type MediaStore } from '../store/media-store.js';
import { assertSendable, fileTooLarge } from '../upload-rules.js';
import { LinkClaimsRepository, type LinkKey } from './link-claims.repository.js';
import { LinkFailure } from './link-failure.js';
import { LinkSource } from './link-source.js';

/** Longer than a fetch may take, storing included. */
const LEASE_MS = 60_000;
const FILE_NAME_MAX_CHARS = 240;

/** A file that a request names by its address, and as what it may be sent. */
interface WantedLink {
  link: string;
  kinds: readonly FileKind[];
}

const SENTENCES: Readonly<Record<Exclude<LinkFailure['reason'], 'too_large'>, string>> = {
  refused: 'The link leads to an address that is not allowed: only https to public servers is.',
  not_found: 'There is no file at the link.',
  timed_out: 'The file at the link did not arrive in time.',
  unreachable: 'The server of the link gave no usable answer.',
};

/**
 * Files that are sent by a link. Each is fetched once for a request's `clientMessageId`, before the request is answered, and
 * from then on is an upload of the agent like any other (docs/adr/0022).
 */
@Injectable()
export class LinkedFiles {
  private readonly logger = new Logger(LinkedFiles.name);

  constructor(
    private readonly database: Database,
    private readonly claims: LinkClaimsRepository,
    private readonly files: MediaFilesRepository,
    private readonly source: LinkSource,
    @Inject(MEDIA_STORE) private readonly store: MediaStore,
  ) {}

  /**
   * Our ids of the files, by their links. To be called outside any transaction: it waits for other servers.
   * @throws DomainError media.link_failed with `link` and `reason`, media.link_pending while the same request is fetching
   * it, media.too_large, media.unsupported
   */
  async fetch(
    agent: AuthenticatedAgent,
    clientMessageId: string,
    wanted: readonly WantedLink[],
  ): Promise<ReadonlyMap<string, string>> {
    const byLink = new Map(wanted.map((file) => [file.link, file]));
    const fetched = await Promise.allSettled(
      [...byLink.values()].map(async (file) => [file.link, await this.one(agent, clientMessageId, file)] as const),
    );
    return new Map(
      fetched.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      }),
    );
  }

  private async one(agent: AuthenticatedAgent, clientMessageId: string, wanted: WantedLink): Promise<string> {
    const sha256 = createHash('sha256').update(wanted.link).digest('hex');
    const key = { agentId: agent.id, clientMessageId, sha256 };
    const leaseId = newId();
    const known = await this.claims.find(this.database.pool, key);
    if (known !== null) return known;
    if (!(await this.claims.claim(this.database.pool, key, leaseId, LEASE_MS))) return this.ofTheOther(key);
    try {
      return await this.take(agent, wanted, leaseId, sha256);
    } catch (error) {
      await this.claims.release(this.database.pool, leaseId, sha256).catch((reason: unknown) => {
        this.logger.warn(`a link stays claimed until its lease runs out: ${String(reason)}`);
      });
      throw error instanceof LinkFailure ? refusalOf(error, wanted) : error;
    }
  }

  /** It may have ended while we asked. */
  private async ofTheOther(key: LinkKey): Promise<string> {
    const known = await this.claims.find(this.database.pool, key);
    if (known === null) throw new LinkPendingError();
    return known;
  }

  private async take(
    agent: AuthenticatedAgent,
    { link, kinds }: WantedLink,
    leaseId: string,
    sha256: string,
  ): Promise<string> {
    const id = newId();
    const path = join(await this.store.incomingFolder(), id);
    try {
      const { announcedType, ...received } = await this.source.download(link, path, roomOf(kinds));
      const fileName = nameOf(link);
      const looked = await fileFacts(path, announcedType, fileName);
      const kind = kinds.find((one) => FILE_LIMITS[one].mimeTypes.includes(looked.mimeType)) ?? kinds.at(-1);
      if (kind === undefined) throw new TypeError('a link that may be nothing');
      assertSendable(kind, received.size, looked);
      const facts: StoredFacts = { ...received, ...looked };
      await this.store.put(id, { path, ...received, mimeType: facts.mimeType });
      const isOurs = await this.database.transaction(async (tx) => {
        await this.files.insertUpload(tx, { id, kind, uploadedById: agent.id, fileName, facts, waveform: null });
        return this.claims.settle(tx, leaseId, sha256, id);
      });
      // Somebody who thought us dead has fetched it as well; theirs is the request's, ours is swept.
      if (!isOurs) throw new LinkPendingError();
      return id;
    } finally {
      await rm(path, { force: true });
    }
  }
}

/** 409: the same request, sent before, is still fetching the file. */
class LinkPendingError extends DomainError {
  constructor() {
    super('media.link_pending', 409, 'The same request is fetching this file already; repeat it in a moment.');
  }
}

function refusalOf({ reason, message }: LinkFailure, { link, kinds }: WantedLink): DomainError {
  if (reason === 'too_large') return fileTooLarge(kinds.at(-1) ?? 'document', roomOf(kinds));
  return new DomainError('media.link_failed', 422, SENTENCES[reason], { link, reason, cause: message });
}

const roomOf = (kinds: readonly FileKind[]): number => Math.max(...kinds.map((kind) => FILE_LIMITS[kind].maxBytes));

/** What the address calls the file: the end of its path, if that has an ending. */
function nameOf(link: string): string | null {
  const last = new URL(link).pathname.split('/').at(-1) ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // Not encoded as it should be: as it stands.
  }
  // What a file system or a header would stumble over.
  const plain = name.replaceAll(/[\p{Cc}/\\]/gu, '').trim();
  return /[^.]\.[a-z\d]{1,8}$/i.test(plain) ? plain.slice(-FILE_NAME_MAX_CHARS) : null;
}
