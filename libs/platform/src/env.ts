import { z } from 'zod';
import { armCrashPoints } from './crash-points';

const Port = z.coerce.number().int().min(1).max(65535);
const Switch = z.enum(['0', '1', 'false', 'true']).transform((v) => v === '1' || v === 'true');
const optional = <T extends z.ZodType>(type: T) => z.preprocess((v) => (v === '' ? undefined : v), type.optional());

/** Every variable that Parley reads. The descriptions are the operator's manual; `.env.example` lists the same. */
export const Env = z
  .object({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production').describe('Mode of the process.'),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/ })
      .describe('Postgres 15 or newer, as the owner: migrates, and starts the pools as their roles.'),
    DATABASE_URL_APP: optional(z.url()).describe(
      'Login of role parley_app, where start-up parameters are refused (PgBouncer).',
    ),
    DATABASE_URL_WORKER: optional(z.url()).describe('The same for parley_worker.'),
    DATABASE_URL_INTAKE: optional(z.url()).describe('The same for parley_intake.'),
    DATABASE_URL_PLATFORM: optional(z.url()).describe('The same for parley_platform.'),
    DATABASE_URL_ERASER: optional(z.url()).describe('The same for parley_eraser.'),
    DATABASE_POOL_MAX: z.coerce
      .number()
      .int()
      .min(2)
      .max(200)
      .default(10)
      .describe('Connections of the api for requests.'),
    REDIS_URL: z
      .url({ protocol: /^rediss?$/ })
      .describe('Redis 6.2 or newer with maxmemory-policy noeviction. It may be lost at any time.'),
    REDIS_PREFIX: z
      .string()
      .regex(/^[\w-]+$/)
      .default('parley')
      .describe('Prefix of our keys, when several installs share one Redis.'),
    API_HOST: z.string().default('127.0.0.1').describe('Address that the api listens on.'),
    API_PORT: Port.default(3100).describe('The one public origin: pages, API, webhooks.'),
    WEB_URL: optional(z.url()).describe(
      'Where the api finds the pages, e.g. http://127.0.0.1:3101. Without it the api serves no pages.',
    ),
    WORKER_HOST: z.string().default('127.0.0.1').describe('Address of the worker’s health and metrics.'),
    WORKER_PORT: Port.default(3102).describe('Port of the worker’s health and metrics.'),
    PUBLIC_URL: optional(z.url()).describe('The origin that people and providers use, e.g. https://inbox.example.com.'),
    PARLEY_DEMO: Switch.default(false).describe('Demo people with known passwords. Refused together with PUBLIC_URL.'),
    SIMULATOR_URL: optional(z.url()).describe('The simulator, for the demo’s seed.'),
    TRUST_PROXY: z
      .string()
      .default('')
      .describe(
        'Addresses of the reverse proxies in front (`loopback`, CIDRs), comma separated: only theirs is X-Forwarded-For believed. Needed behind one, else all callers share an address.',
      ),
    AUTH_SECRET: z.string().min(32).describe('Signs session cookies. At least 32 characters.'),
    CREDENTIALS_KEYS: z
      .string()
      .transform((v, ctx) => {
        try {
          return z.record(z.string().regex(/^[\w-]{1,16}$/), z.base64()).parse(JSON.parse(v));
        } catch {
          ctx.addIssue('a JSON object of key id to 32 bytes in base64');
          return z.NEVER;
        }
      })
      .describe('Keys that encrypt provider credentials: {"k1":"<base64 of 32 bytes>"}. Add one to rotate.'),
    CREDENTIALS_KEY_ID: z.string().describe('Which of them encrypts what is written now.'),
    METRICS_TOKEN: optional(z.string().min(16)).describe('Bearer token of /metrics. Required outside the demo.'),
    CLOUD_API_APP_SECRET: optional(z.string().min(8)).describe('App secret of the platform’s own Meta app.'),
    CLOUD_API_VERIFY_TOKEN: optional(z.string().min(8)).describe('Verify token of the platform’s own Meta app.'),
    SLACK_CLIENT_ID: optional(z.string().regex(/^\d+\.\d+$/)).describe(
      'Client ID of the platform’s own Slack app. With the two secrets below tenants install it from the browser.',
    ),
    SLACK_CLIENT_SECRET: optional(z.string().min(8)).describe('Its client secret.'),
    SLACK_SIGNING_SECRET: optional(z.string().min(8)).describe(
      'Its signing secret: proves that calls come from Slack.',
    ),
    SLACK_API_URL: z
      .url({ protocol: /^https?$/ })
      .default('https://slack.com/api')
      .describe('Slack’s Web API, for what is installed from the browser. Another only for a simulator.'),
    SLACK_AUTHORIZE_URL: z
      .url({ protocol: /^https?$/ })
      .default('https://slack.com/oauth/v2/authorize')
      .describe('Where Slack asks people whether they want the app.'),
    EGRESS_ALLOW: z
      .string()
      .regex(
        /^(\s*(\[[\da-fA-F:.]+(\/\d{1,3})?\]|[\w.-]+(\/\d{1,2})?):\d{1,5}\s*(,|$))*$/,
        'is no list of host:port and CIDR:port',
      )
      .default('')
      .describe(
        'Private addresses that calls to providers may reach: host:port or CIDR:port, comma separated. Only for operators.',
      ),
    FILES_DIR: z
      .string()
      .min(1)
      .default('.parley/files')
      .describe('Folder of customers’ and members’ files. Shared by api and worker, wherever they run.'),
    S3_BUCKET: optional(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket')).describe(
      'Keeps files in this bucket instead, which is Parley’s alone, private, and keeps no old versions.',
    ),
    S3_ENDPOINT: optional(z.url({ protocol: /^https?$/ })).describe(
      'Where S3 is, if it is not Amazon’s: https://s3.example.com. It may be a private address.',
    ),
    S3_REGION: z.string().min(1).default('us-east-1').describe('The bucket’s region.'),
    S3_PATH_STYLE: optional(Switch).describe(
      'Whether the bucket stands in the path of addresses (1), or in their host (0). Unless said, in the path where there is an S3_ENDPOINT.',
    ),
    S3_ACCESS_KEY_ID: optional(z.string()).describe(
      'Who Parley is there. Without it, whatever the AWS SDK finds: AWS_* variables, the role of the container or machine.',
    ),
    S3_SECRET_ACCESS_KEY: optional(z.string()).describe('The secret that belongs to it.'),
    RATE_LIMIT_MEMBER: z.coerce
      .number()
      .int()
      .min(1)
      .default(1200)
      .describe('Requests of a member in a minute; an address, which an office may share, has five times as many.'),
    SMTP_URL: optional(z.url({ protocol: /^smtps?$/ })).describe(
      'Mail server for invitations and new passwords: smtp://user:password@host:587, or smtps://. Without it mails are files in MAIL_DIR.',
    ),
    MAIL_FROM: z.string().min(3).default('Parley <parley@localhost>').describe('Whom mails come from.'),
    MAIL_DIR: z
      .string()
      .min(1)
      .default('.parley/mail')
      .describe('Folder of the mails that no server takes. They open doors: read them, then delete them.'),
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
      .default('info')
      .describe('Least level that is logged.'),
    SHUTDOWN_DELAY_MS: z.coerce
      .number()
      .int()
      .min(0)
      .max(5000)
      .default(2000)
      .describe(
        'How long the api goes on taking requests after it was told to stop, while its readiness says no: longer than a load balancer in front needs to notice.',
      ),
    OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/ })).describe(
      'A collector of OpenTelemetry traces, e.g. http://otel-collector:4318. Without it none are made.',
    ),
    OTEL_EXPORTER_OTLP_HEADERS: z
      .string()
      .regex(/^(\s*[\w-]+=[^,]+(,|$))*$/, 'is no list of name=value')
      .default('')
      .describe('What is sent along to it: name=value, comma separated.'),
    OTEL_SERVICE_NAME: optional(z.string()).describe(
      'What traces call this process, instead of parley-api, parley-worker.',
    ),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Share of the traces that are told, the same ones in every process.'),
    WEBHOOK_RETENTION_DAYS: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe('How long raw webhooks are kept.'),
  })
  .superRefine((env, ctx) => {
    if (env.PARLEY_DEMO && env.PUBLIC_URL) {
      ctx.addIssue({
        code: 'custom',
        path: ['PARLEY_DEMO'],
        message: 'the demo’s passwords are public: it cannot run under PUBLIC_URL',
      });
    }
    if (!env.PARLEY_DEMO && env.NODE_ENV === 'production' && !env.PUBLIC_URL) {
      ctx.addIssue({
        code: 'custom',
        path: ['PUBLIC_URL'],
        message: 'is needed outside the demo: sessions and webhook addresses hang on it',
      });
    }
    if (!env.PARLEY_DEMO && env.NODE_ENV === 'production' && !env.METRICS_TOKEN) {
      ctx.addIssue({ code: 'custom', path: ['METRICS_TOKEN'], message: 'is needed outside the demo' });
    }
    if ((env.S3_ACCESS_KEY_ID === undefined) !== (env.S3_SECRET_ACCESS_KEY === undefined)) {
      ctx.addIssue({ code: 'custom', path: ['S3_ACCESS_KEY_ID'], message: 'and S3_SECRET_ACCESS_KEY go together' });
    }
    if (!env.S3_BUCKET && (env.S3_ENDPOINT || env.S3_ACCESS_KEY_ID)) {
      ctx.addIssue({
        code: 'custom',
        path: ['S3_BUCKET'],
        message: 'is needed: files would lie in FILES_DIR without it',
      });
    }
    for (const [id, key] of Object.entries(env.CREDENTIALS_KEYS)) {
      if (Buffer.from(key, 'base64').length !== 32)
        ctx.addIssue({ code: 'custom', path: ['CREDENTIALS_KEYS'], message: `key ${id} must be 32 bytes` });
    }
    if (!(env.CREDENTIALS_KEY_ID in env.CREDENTIALS_KEYS)) {
      ctx.addIssue({ code: 'custom', path: ['CREDENTIALS_KEY_ID'], message: 'is not one of CREDENTIALS_KEYS' });
    }
  });
export type Env = z.infer<typeof Env>;

/** Parses an environment. What is wrong comes as one readable list. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const result = Env.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`);
  throw new EnvError(
    `Parley cannot start with this environment:\n${lines.join('\n')}\nEach variable is explained in .env.example.`,
  );
}

/** Its message is meant for the operator, as it is. */
export class EnvError extends Error {
  override name = 'EnvError';
}

/** The process's own environment; prints the list and stops when it is wrong. */
export function loadEnv(): Env {
  try {
    const wrong = armCrashPoints(process.env.FAULT); // for tests alone: no variable of an operator's
    if (wrong) throw new EnvError(wrong);
    return parseEnv(process.env);
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Nest token of the parsed environment. */
export const ENV = Symbol('Env');
