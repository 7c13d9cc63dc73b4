import 'reflect-metadata';
import { DemoModule } from '@parley/inbox/demo/demo.module';
import { DemoSeeder } from '@parley/inbox/demo/demo.seeder';
import { loadEnv } from '@parley/platform/env';
import { createLogger, pinoHttpOptions } from '@parley/platform/logger';
import { PlatformModule } from '@parley/platform/platform.module';
import { NestFactory } from '@nestjs/core';
import { Logger, LoggerModule } from 'nestjs-pino';

/** Fills the demo's tenants and ends. Passwords are known to everybody, so it refuses to run outside the demo. */
const env = loadEnv();
if (!env.PARLEY_DEMO) {
  process.stderr.write('The seed is for the demo alone: set PARLEY_DEMO=1.\n');
  process.exit(1);
}
const root = {
  module: DemoModule,
  imports: [
    LoggerModule.forRoot({ pinoHttp: pinoHttpOptions(createLogger(env, 'seed')) }),
    PlatformModule.forRoot(env),
  ],
};
const app = await NestFactory.createApplicationContext(root, { bufferLogs: true });
app.useLogger(app.get(Logger));
try {
  await app.get(DemoSeeder).seed();
} finally {
  await app.close();
}
