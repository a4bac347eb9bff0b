import { Global, Module } from '@nestjs/common';
import { LogConsumer } from './log-consumer.js';
import { LogConsumersRepository } from './log-consumers.repository.js';
import { LogEpoch } from './log-epoch.js';
import { LogPosition } from './log-position.js';
import { LogRepository } from './log.repository.js';
import { LogStampRepository } from './log-stamp.repository.js';
import { LogStreamRepository } from './log-stream.repository.js';
import { LogTailer } from './log-tailer.js';

@Global()
@Module({
  providers: [
    LogConsumer,
    LogConsumersRepository,
    LogEpoch,
    LogPosition,
    LogRepository,
    LogStampRepository,
    LogStreamRepository,
    LogTailer,
  ],
  exports: [LogConsumer, LogPosition, LogRepository, LogStreamRepository, LogTailer],
})
export class LogModule {}
