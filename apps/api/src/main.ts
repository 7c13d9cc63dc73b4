import { loadEnv } from '@parley/platform/env';
import { serveApi } from './create-app';
import { stopOnSignal } from './stop-on-signal';

stopOnSignal(await serveApi(loadEnv()));
