import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Env } from '@parley/platform/env';

/** What must never be seen outside of Postgres, each unlike anything else. */
export interface Canaries {
  /** By what they stand for. */
  words: Record<CanaryName, string>;
  /** One more, that somebody else made: a token, an id. */
  plant(name: string, word: string): void;
  /** Where any of them stands in these texts, as `name in source`. Also as JSON, URL or base64 would write them. */
  sightings(texts: Record<string, string>): string[];
}
export type CanaryName = (typeof names)[number];

const names = [
  'password',
  'wrongPassword',
  'email',
  'phone',
  'contactName',
  'text',
  'inboundText',
  'note',
  'fileName',
  'query',
  'apiKey',
  'accessToken',
  'appSecret',
  'verifyToken',
  'webhookSecret',
  'jwtKey',
  'cookie',
  'authorization',
  'pathToken',
  'idempotencyKey',
  'pathWord',
  'malformed',
  'templateValue',
  'reaction',
  'labelName',
  'accountName',
  'instance',
  'reference',
  'userAgent',
  'header',
] as const;

/** Thirty of them, made for one test. */
export function plantCanaries(): Canaries {
  const words = Object.fromEntries(names.map((name) => [name, canary(name)])) as Record<CanaryName, string>; // the same names
  const found = new Map<string, string>();
  return {
    words,
    plant: (name, word) => void found.set(name, word),
    sightings: (texts) =>
      [...Object.entries(words), ...found].flatMap(([name, word]) =>
        Object.entries(texts).flatMap(([source, text]) =>
          spellings(word).some((spelling) => text.includes(spelling)) ? [`${name} in ${source}`] : [],
        ),
      ),
  };
}

function canary(name: CanaryName): string {
  if (name === 'phone') return `+1202${String(5_000_000 + Math.floor(Math.random() * 4_999_999))}`;
  const unique = randomBytes(9).toString('hex');
  return name === 'email' ? `canary-${unique}@parley.test` : `canary-${unique}`;
}

function spellings(word: string): string[] {
  return [
    word,
    word.replace('+', ''),
    encodeURIComponent(word),
    Buffer.from(word).toString('base64').replace(/=+$/, '').slice(0, -2),
  ];
}

/** A destination for a log, and what was written to it. */
export function recordLog(): { stream: { write(line: string): void }; text(): string } {
  const lines: string[] = [];
  return { stream: { write: (line) => void lines.push(line) }, text: () => lines.join('') };
}

/** Everything that an install keeps in Redis under its prefix: names of keys, and what they hold. */
export async function redisText({ REDIS_URL, REDIS_PREFIX }: Pick<Env, 'REDIS_URL' | 'REDIS_PREFIX'>): Promise<string> {
  const redis = new Redis(REDIS_URL);
  try {
    const parts: string[] = [];
    for await (const keys of redis.scanStream({ match: `${REDIS_PREFIX}*`, count: 500 }) as AsyncIterable<string[]>) {
      for (const key of keys) parts.push(key, JSON.stringify(await contentOf(redis, key)));
    }
    return parts.join('\n');
  } finally {
    redis.disconnect();
  }
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, 0, -1);
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}
