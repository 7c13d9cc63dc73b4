import { loadEnv } from '@parley/platform/env';
import { serveApi } from './create-app';

const app = await serveApi(loadEnv());
app.enableShutdownHooks();
