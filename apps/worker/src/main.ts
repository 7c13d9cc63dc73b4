import { flushCompileCache } from 'node:module';
import { departOnSignal } from '@parley/platform/departure';
import { loadEnv } from '@parley/platform/env';
import { serveWorker } from './serve-worker';

departOnSignal(await serveWorker(loadEnv()));
flushCompileCache(); // who is killed could not write it at the end
