import { nodeApp } from '../../tools/rolldown.mjs';

/** The harness, which the launcher loads, and what it runs in processes of their own. */
export default nodeApp(import.meta.url, {
  main: 'main',
  'bare-api': 'bare/api',
  'bare-worker': 'bare/worker',
  load: 'load/load',
});
