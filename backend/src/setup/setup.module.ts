import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { MediaModule } from '../media/media.module.js';
import { WebhookModule } from '../webhook/webhook.module.js';
import { WorkspaceModule } from '../workspace/workspace.module.js';
import { ProfilePictureController } from './profile-picture.controller.js';
import { ProfilePictureService } from './profile-picture.service.js';
import { SetupController } from './setup.controller.js';
import { SetupRepository } from './setup.repository.js';
import { SetupService } from './setup.service.js';

/** The set-up page's view on the rest; nobody builds on it. */
@Module({
  imports: [ChannelsModule, MediaModule, WebhookModule, WorkspaceModule],
  controllers: [ProfilePictureController, SetupController],
  providers: [ProfilePictureService, SetupRepository, SetupService],
})
export class SetupModule {}
