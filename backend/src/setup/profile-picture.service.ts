import { Injectable } from '@nestjs/common';
import type { BusinessProfile } from '@parley/contract';
import { ChannelSetupService } from '../channels/setup/channel-setup.service.js';
import type { AuthenticatedAgent } from '../common/access/authenticated-agent.js';
import { SendableFiles } from '../media/sendable-files.js';

/** The picture of a number's profile: a file of ours that Meta is given. Stands here because channels know no files. */
@Injectable()
export class ProfilePictureService {
  constructor(
    private readonly files: SendableFiles,
    private readonly setup: ChannelSetupService,
  ) {}

  /** @throws NotFoundError media.not_found, channel.not_found, DomainError channel.disconnected, channel.graph_refused */
  change(agent: AuthenticatedAgent, channelId: string, fileId: string): Promise<BusinessProfile> {
    return this.setup.changePicture(channelId, () => this.files.sample(agent, fileId, ['image']));
  }
}
