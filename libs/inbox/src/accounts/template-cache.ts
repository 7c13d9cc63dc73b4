import type { Template } from '@parley/contracts/accounts';
import { ENV, type Env } from '@parley/platform/env';
import { REDIS } from '@parley/platform/platform.module';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';

const KEPT_MS = 60_000;
const MOST = 1_000;

interface Entry {
  version: string | null;
  until: number;
  templates: Promise<Template[]>;
}

/**
 * Templates of accounts, for a minute. Redis holds a number for each account, which grows when the provider says that they
 * changed; without Redis the minute is all there is.
 */
@Injectable()
export class TemplateCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** `key` changes with the account's credentials. */
  async get(accountId: string, key: string, fetch: () => Promise<Template[]>): Promise<Template[]> {
    const [id, version] = [`${accountId} ${key}`, await this.versionOf(accountId)];
    const known = this.entries.get(id);
    if (known && known.until > performance.now() && known.version === version) return known.templates;
    if (this.entries.size >= MOST) this.entries.clear();
    const templates = fetch();
    this.entries.set(id, { version, until: performance.now() + KEPT_MS, templates });
    templates.catch(() => this.entries.delete(id));
    return templates;
  }

  /** The provider said that they changed: every process asks it again. */
  async drop(accountIds: Iterable<string>): Promise<void> {
    const ids = [...new Set(accountIds)];
    await Promise.all(ids.map((id) => this.redis.incr(this.keyOf(id)).catch(() => {}))); // the minute ends it anyway
  }

  private versionOf(accountId: string): Promise<string | null> {
    return this.redis.get(this.keyOf(accountId)).catch(() => null);
  }

  private keyOf(accountId: string): string {
    return `${this.env.REDIS_PREFIX}:templates:${accountId}`;
  }
}
