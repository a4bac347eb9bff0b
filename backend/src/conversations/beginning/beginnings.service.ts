import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../../channels/channels.service.js';
import { NotFoundError } from '../../common/domain.error.js';
import type { Tx } from '../../database/database.js';
import { IdentitiesRepository } from '../inbound/identities.repository.js';
import { keysOf } from '../inbound/identity-keys.js';
import { threadKeyText, ThreadsRepository } from '../inbound/threads.repository.js';

/** Whom a customer is known as where we write first: by one of the two. */
export interface Addressee {
  /** Digits with the country code. */
  waId: string | null;
  bsuid: string | null;
}

/** Threads with customers who are written to first. */
@Injectable()
export class BeginningsService {
  constructor(
    private readonly channels: ChannelsService,
    private readonly identities: IdentitiesRepository,
    private readonly threads: ThreadsRepository,
  ) {}

  /**
   * The thread of a number with this customer, under its row lock until the transaction ends: the one that there is, or a
   * new one that waits for nobody until something is sent. Ids are the same whoever tells them, the customer or an agent.
   * @throws NotFoundError channel.not_found
   */
  async threadWith(tx: Tx, channelId: string, addressee: Addressee): Promise<string> {
    const channel = [...(await this.channels.routes()).values()].find(({ id }) => id === channelId);
    if (!channel) throw new NotFoundError('channel');
    const { portfolioId } = channel;
    const person = { ...addressee, parentBsuid: null, name: null, username: null };
    const plan = await this.identities.plan(tx, keysOf(person, portfolioId));
    const contactId = plan.resolve(person, portfolioId, null);
    if (contactId === null) throw new TypeError('a customer without a number or an id');
    await this.identities.save(tx, plan);
    const key = { channelId, contactId, groupId: null, statusWhenNew: 'resolved' as const };
    const draft = (await this.threads.lock(tx, [key], [])).get(threadKeyText(key));
    if (!draft) throw new TypeError('the thread that was just locked is not there');
    return draft.row.id;
  }
}
