import { z } from 'zod';

const Env = z.object({
  /** Port of every simulated provider, the control API and the phones' page. 0 picks a free one. */
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(3110),
  /** Address to listen on. Everyone who reaches it can play every customer, so keep it local. */
  SIMULATOR_HOST: z.string().default('127.0.0.1'),
  /** Where Parley reaches the simulator; goes into the base URLs that the control API hands out. */
  SIMULATOR_URL: z.url().optional(),
  /** Folder of what survives a restart. */
  SIMULATOR_DATA: z.string().default('.parley/simulator'),
  /** How many times faster than life delays pass: retries, receipts, reviews, QR codes. */
  SIMULATOR_TIME_SCALE: z.coerce.number().positive().default(1),
  /** Parley's public origin, the target of the platform app's webhooks. */
  PARLEY_URL: z.url().default('http://127.0.0.1:3100'),
  /** Secret of the platform's own Meta app: signs its webhooks. */
  CLOUD_API_APP_SECRET: z.string().min(1).default('simulated-app-secret'),
  /** Verify token of the platform's own Meta app. */
  CLOUD_API_VERIFY_TOKEN: z.string().min(1).default('simulated-verify-token'),
  /** The platform's own Slack app: id and secret of its OAuth, and what signs its events. */
  SLACK_CLIENT_ID: z.string().min(1).default('111.222'),
  SLACK_CLIENT_SECRET: z.string().min(1).default('simulated-client-secret'),
  SLACK_SIGNING_SECRET: z.string().min(1).default('simulated-signing-secret'),
  /** Global key of the simulated Evolution server (AUTHENTICATION_API_KEY over there). */
  SIMULATOR_EVOLUTION_KEY: z.string().min(1).default('simulated-evolution-key'),
});

export type Env = z.infer<typeof Env>;

/** Reads the environment. Throws one readable list of everything that is wrong with it. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = Env.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The simulator's environment is not usable:\n${problems.join('\n')}`);
}
