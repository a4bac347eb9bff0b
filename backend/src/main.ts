import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { AppLogger, stackOf } from './app/app-logger.js';
import { configureApp } from './app/configure-app.js';
import { createAdapter } from './app/create-adapter.js';
import { GracefulStop } from './app/graceful-stop.js';
import { EnvironmentError, loadEnvironment } from './config/environment.js';

/** Serves API, sockets and console until SIGTERM, or until the supervisor that started it is gone. */
async function main(): Promise<void> {
  const environment = loadEnvironment();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, createAdapter(environment), {
    bodyParser: false,
    logger: new AppLogger(environment),
  });
  await configureApp(app);
  await app.init();
  const stop = new GracefulStop(app);
  stop.listen();
  await app.listen(environment.port, environment.host);
  const url = await app.getUrl();
  process.send?.({ ready: true, url });
  process.once('disconnect', () => stop.stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof EnvironmentError ? error.message : stackOf(error));
  process.exit(1);
});
