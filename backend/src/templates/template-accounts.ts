import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service.js';

/** The access to a business account: templates belong to it, tokens to its numbers. */
@Injectable()
export class TemplateAccounts {
  constructor(private readonly channels: ChannelsService) {}

  /** @throws NotFoundError channel.not_found */
  async accountOf(channelId: string): Promise<string> {
    return (await this.channels.byId(channelId)).businessAccountId;
  }

  /** Of any number of the account that is connected; null when none has a usable one. */
  async tokenOf(businessAccountId: string): Promise<string | null> {
    for (const { id, connected, businessAccountId: account } of await this.channels.list()) {
      if (!connected || account !== businessAccountId) continue;
      const { accessToken } = await this.channels.credentials(id).catch(() => ({ accessToken: null }));
      if (accessToken !== null) return accessToken;
    }
    return null;
  }
}
