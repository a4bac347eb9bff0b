import { Global, Module } from '@nestjs/common';
import { LogConsumer } from './log-consumer.js';
import { LogConsumersRepository } from './log-consumers.repository.js';
import { LogEpoch } from './log-epoch.js';
import { LogHorizonRepository } from './log-horizon.repository.js';
import { LogPosition } from './log-position.js';
import { LogRepository } from './log.repository.js';
import { LogRetention } from './log-retention.js';
import { LogRetentionRepository } from './log-retention.repository.js';
import { LogStampRepository } from './log-stamp.repository.js';
import { LogStreamRepository } from './log-stream.repository.js';
import { LogTailer } from './log-tailer.js';

@Global()
@Module({
  providers: [
    LogConsumer,
    LogConsumersRepository,
    LogEpoch,
    LogHorizonRepository,
    LogPosition,
    LogRepository,
    LogRetention,
    LogRetentionRepository,
    LogStampRepository,
    LogStreamRepository,
    LogTailer,
  ],
  exports: [LogConsumer, LogHorizonRepository, LogPosition, LogRepository, LogStreamRepository, LogTailer],
})
export class LogModule {}
