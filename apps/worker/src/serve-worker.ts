import 'reflect-metadata';
import type { Env } from '@parley/platform/env';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { WorkerModule, type WorkerOptions } from './worker.module';

/** Starts the worker in this process. HTTP is for health and metrics alone. Also how tests start it. */
export async function serveWorker(env: Env, options: WorkerOptions = {}): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ forceCloseConnections: true, bodyLimit: 1024, requestTimeout: 10_000 });
  const app = await NestFactory.create<NestFastifyApplication>(WorkerModule.forRoot(env, options), adapter, {
    bufferLogs: true,
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  await app.listen(env.WORKER_PORT, env.WORKER_HOST);
  return app;
}
