import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ChannelImportsRepository } from './channel-imports.repository.js';
import { ChannelImportsService } from './channel-imports.service.js';
import { ChannelRefusalsRepository } from './channel-refusals.repository.js';
import { ChannelRefusals } from './channel-refusals.service.js';
import { ChannelOfferingsService } from './channel-offerings.service.js';
import { ChannelHealthService } from './channel-health.service.js';
import { ChannelEntity } from './channel.entity.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsRepository } from './channels.repository.js';
import { ChannelsService } from './channels.service.js';
import { GraphReader } from './graph-reader.js';
import { OpeningsRepository } from './openings/openings.repository.js';
import { OpeningsService } from './openings/openings.service.js';
import { ResumableUpload } from './resumable-upload.js';
import { ChannelSetupService } from './setup/channel-setup.service.js';
import { ChannelSetupController } from './setup/setup.controller.js';
import { ChannelStandingService } from './standing/channel-standing.service.js';
import { StandingController } from './standing/standing.controller.js';
import { StandingRepository } from './standing/standing.repository.js';
import { StandingSweeper } from './standing/standing.sweeper.js';

@Module({
  imports: [TypeOrmModule.forFeature([ChannelEntity])],
  controllers: [StandingController, ChannelSetupController, ChannelsController],
  providers: [
    ChannelHealthService,
    ChannelImportsRepository,
    ChannelImportsService,
    ChannelRefusals,
    ChannelRefusalsRepository,
    ChannelSetupService,
    ChannelStandingService,
    ChannelOfferingsService,
    ChannelsRepository,
    ChannelsService,
    GraphReader,
    OpeningsRepository,
    OpeningsService,
    ResumableUpload,
    StandingRepository,
    StandingSweeper,
  ],
  exports: [
    ChannelHealthService,
    ChannelImportsService,
    ChannelRefusals,
    ChannelSetupService,
    ChannelStandingService,
    ChannelsService,
    GraphReader,
    OpeningsService,
    ResumableUpload,
  ],
})
export class ChannelsModule implements OnApplicationBootstrap {
  constructor(private readonly channels: ChannelsService) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.channels.upsertFromEnvironment();
  }
}
