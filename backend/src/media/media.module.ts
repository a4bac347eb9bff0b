import { Module } from '@nestjs/common';
import { join, resolve } from 'node:path';
import { ChannelsModule } from '../channels/channels.module.js';
import { ENVIRONMENT, type Environment } from '../config/environment.js';
import { ConversationsModule } from '../conversations/conversations.module.js';
import { AdPictures } from './ad-pictures.js';
import { FileNews } from './file-news.js';
import { GraphIdsRepository } from './graph-ids.repository.js';
import { LinkClaimsRepository } from './links/link-claims.repository.js';
import { LinkSource } from './links/link-source.js';
import { LinkedFiles } from './links/linked-files.js';
import { MediaFetcher } from './media-fetcher.js';
import { MediaFilesRepository } from './media-files.repository.js';
import { MediaSource } from './media-source.js';
import { MediaUpkeep } from './media-upkeep.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';
import { SendableFiles } from './sendable-files.js';
import { LocalStore } from './store/local-store.js';
import { MEDIA_STORE, type MediaStore } from './store/media-store.js';
import { S3Store } from './store/s3-store.js';
import { UploadsService } from './uploads.service.js';

function storeOf({ s3, dataDir }: Environment): MediaStore {
  const folder = join(resolve(dataDir), 'media');
  return s3 ? new S3Store(s3, folder) : new LocalStore(folder);
}

@Module({
  imports: [ChannelsModule, ConversationsModule],
  controllers: [MediaController],
  providers: [
    AdPictures,
    FileNews,
    GraphIdsRepository,
    LinkClaimsRepository,
    LinkSource,
    LinkedFiles,
    MediaFetcher,
    MediaFilesRepository,
    MediaService,
    MediaSource,
    MediaUpkeep,
    SendableFiles,
    UploadsService,
    { provide: MEDIA_STORE, inject: [ENVIRONMENT], useFactory: storeOf },
  ],
  exports: [LinkedFiles, SendableFiles],
})
export class MediaModule {}
