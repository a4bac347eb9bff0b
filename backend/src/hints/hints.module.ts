import { Global, Module } from '@nestjs/common';
import { HintsService } from './hints.service.js';

@Global()
@Module({ providers: [HintsService], exports: [HintsService] })
export class HintsModule {}
