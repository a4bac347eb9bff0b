import { Injectable, Logger } from '@nestjs/common';
import { SendableFiles } from '../../media/sendable-files.js';
import { GraphClient } from '../graph/graph.client.js';
import type { LeasedSend } from './leases.service.js';
import type { SendOutcome } from '../graph/send-outcome.js';

/** Often enough that a lease of a minute never runs out under an upload. */
const RENEW_EVERY_MS = 15_000;

/** Sees to it that Meta has the file of a message before the message goes: uploaded once for each number. */
@Injectable()
export class FileUploads {
  private readonly logger = new Logger(FileUploads.name);

  constructor(
    private readonly files: SendableFiles,
    private readonly graph: GraphClient,
  ) {}

  /** Meta's id of the file, or what the send comes to without it: nothing of the message has left by then. */
  async graphId(
    { channelId, number, message, renew, goOn }: LeasedSend,
    fileId: string,
  ): Promise<string | SendOutcome> {
    const known = await this.files.graphId(fileId, channelId);
    if (known !== null) return known;
    const file = await this.files.open(fileId).catch((error: unknown) => {
      this.logger.error(`the file of message ${message.messageId} cannot be read: ${String(error)}`);
      return null;
    });
    if (!file) return { kind: 'not_connected', detail: 'the file could not be read from the store' };
    const renewals = setInterval(() => void renew(), RENEW_EVERY_MS);
    try {
      const outcome = await this.graph.upload(number, file);
      if (outcome.kind !== 'uploaded') return outcome;
      await this.files.remember(fileId, channelId, outcome.graphId);
      // The message's own call counts from a fresh lease, and what has been said meanwhile counts too.
      return (await goOn()) ?? outcome.graphId;
    } finally {
      clearInterval(renewals);
    }
  }
}
