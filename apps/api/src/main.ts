import { flushCompileCache } from 'node:module';
import { departOnSignal } from '@parley/platform/departure';
import { loadEnv } from '@parley/platform/env';
import { serveApi } from './create-app';

const env = loadEnv();
departOnSignal(await serveApi(env), env.SHUTDOWN_DELAY_MS);
flushCompileCache(); // who is killed could not write it at the end
