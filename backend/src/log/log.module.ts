import { Global, Module } from '@nestjs/common';
import { LogRepository } from './log.repository.js';

@Global()
@Module({ providers: [LogRepository], exports: [LogRepository] })
export class LogModule {}
