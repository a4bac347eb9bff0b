import { Global, Module } from '@nestjs/common';
import { ENVIRONMENT, loadEnvironment } from './environment.js';

/** Gives everybody the validated environment under `ENVIRONMENT`. */
@Global()
@Module({ providers: [{ provide: ENVIRONMENT, useFactory: () => loadEnvironment() }], exports: [ENVIRONMENT] })
export class ConfigModule {}
