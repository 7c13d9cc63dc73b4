import { buildSimulator } from './app';
import { readEnv } from './env';

async function main(): Promise<void> {
  const simulator = await buildSimulator(readEnv());
  const origin = await simulator.start();
  console.log(`The simulator plays its providers on ${origin}`);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
