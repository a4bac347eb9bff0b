import { Module } from '@nestjs/common';
import { ChannelsModule } from '../channels/channels.module.js';
import { MediaModule } from '../media/media.module.js';
import { TemplateMakingService } from './making/template-making.service.js';
import { TemplateMirror } from './making/template-mirror.js';
import { TemplateSamples } from './making/template-samples.js';
import { TemplateAccounts } from './template-accounts.js';
import { TemplateSyncService } from './template-sync.service.js';
import { TemplateSyncSweeper } from './template-sync.sweeper.js';
import { TemplateSyncsRepository } from './template-syncs.repository.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesRepository } from './templates.repository.js';
import { TemplatesService } from './templates.service.js';

@Module({
  imports: [ChannelsModule, MediaModule],
  controllers: [TemplatesController],
  providers: [
    TemplateAccounts,
    TemplateMakingService,
    TemplateMirror,
    TemplateSamples,
    TemplateSyncService,
    TemplateSyncSweeper,
    TemplateSyncsRepository,
    TemplatesRepository,
    TemplatesService,
  ],
  exports: [TemplatesService],
})
export class TemplatesModule {}
