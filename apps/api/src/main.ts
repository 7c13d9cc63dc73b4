import { departOnSignal } from '@parley/platform/departure';
import { loadEnv } from '@parley/platform/env';
import { serveApi } from './create-app';

const env = loadEnv();
departOnSignal(await serveApi(env), env.SHUTDOWN_DELAY_MS);
