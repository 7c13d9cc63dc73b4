import { nodeApp } from '../../tools/rolldown.mjs';

/** The harness, which the launcher loads, and what it runs in processes of their own. */
export default nodeApp(import.meta.url, {
  main: 'main',
  'bare-api': 'bare/api',
  'bare-worker': 'bare/worker',
  'bare-send-api': 'bare/send-api',
  'bare-send-worker': 'bare/send-worker',
  load: 'load/load',
  'send-load': 'load/send-load',
  provider: 'provider/provider',
  crowd: 'scale/crowd',
  'empty-nest': 'empty-nest',
});
