import type { Permission } from '@parley/contracts/permissions';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Together } from '@parley/platform/together';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { closed } from '../conversations/sight';
import { ACCESS_TOKEN_SECONDS, AccessTokens } from '../people/access-token';
import { keyCredential, keyOf } from '../people/credential';
import { grantOfKey } from '../people/grant';
import type { Origin } from '../people/origin';
import { isSameHash, readPlaceToken, type PlaceToken } from '../people/place-token';
import { findLivingKeys, noteUse, type LivingKey } from './api-keys.queries';

/** Every key begins so, and goes on with letters of its own. */
export const KEY_PREFIX = 'parley_';
const KEY = /^(parley_[0-9a-f]{5}_)[\w-]+$/;
const BEARER = /^Bearer +(parley_[\w-]+)$/i;

/** How long a key is believed without another look: within it a revocation counts. */
const BELIEVED_MS = 1000;
const MOST = 20_000;

/** From `Authorization: Bearer parley_…`, a key or what it was exchanged for, to who calls. */
@Injectable()
export class KeyholdersService {
  private readonly known = new Map<string, { key: Promise<LivingKey | null>; until: number }>();
  private readonly rows = new Together((places: string[]) => this.read(places));
  private readonly accessTokens: AccessTokens;

  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) { AUTH_SECRET }: Env,
  ) {
    this.accessTokens = new AccessTokens(AUTH_SECRET);
  }

  /** Undefined: no key was shown. Null: one that opens nothing. */
  async identify(
    { authorization }: { authorization?: string | undefined },
    origin: Origin,
  ): Promise<MemberContext | null | undefined> {
    if (!authorization?.toLowerCase().startsWith(`bearer ${KEY_PREFIX}`)) return undefined;
    const [, shown = ''] = BEARER.exec(authorization) ?? [];
    const token = this.accessTokens.read(shown, this.clock.now()) ?? readKey(shown);
    const key = token && (await this.find(token));
    return key ? contextOf(key, origin) : null;
  }

  /** A token that counts for an hour, and no longer than the key's secret that it was given for. Null: it opens nothing. */
  async exchange(client: {
    id: string;
    secret: string;
  }): Promise<{ token: string; seconds: number; permissions: Permission[] } | null> {
    const place = readKey(client.secret);
    const key = place && place.id === client.id && (await this.find(place));
    if (!place || !key) return null;
    const token = this.accessTokens.mint(place, this.clock.now());
    return { token, seconds: ACCESS_TOKEN_SECONDS, permissions: key.permissions };
  }

  /** Drops everything believed: keys were changed here. */
  forgetAll(): void {
    this.known.clear();
  }

  private find(token: PlaceToken): Promise<LivingKey | null> {
    const known = this.known.get(token.hash);
    if (known && known.until > performance.now()) return known.key;
    const key = this.look(token);
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(token.hash, { key, until: performance.now() + BELIEVED_MS });
    key.catch(() => this.known.delete(token.hash));
    return key;
  }

  private async look({ tenantId, id, hash }: PlaceToken): Promise<LivingKey | null> {
    const key = await this.rows.ask(keyCredential(tenantId, id));
    if (!key) return null;
    const right = isSameHash(key.hash, hash) || (key.oldHash !== null && isSameHash(key.oldHash, hash));
    if (!right) return null;
    if (key.stale) await this.platform.query((sql) => noteUse(sql, key));
    return key;
  }

  private async read(credentials: string[]): Promise<Map<string, LivingKey>> {
    const places = credentials.flatMap((one) => keyOf(one) ?? []);
    const keys = await this.platform.query((sql) => findLivingKeys(sql, places));
    return new Map(keys.map((key) => [keyCredential(key.tenantId, key.id), key]));
  }
}

function readKey(text: string): PlaceToken | null {
  const [, prefix] = KEY.exec(text) ?? [];
  return prefix === undefined ? null : readPlaceToken(text, prefix);
}

function contextOf(
  { tenantId, id, name, permissions, accountIds, rightsSeq }: LivingKey,
  { correlationId, address, userAgent }: Origin,
) {
  const within = accountIds && new Set(accountIds);
  const sight = { memberId: null, all: true, ...closed, teams: new Set<string>(), within };
  return {
    tenantId,
    correlationId,
    actor: { kind: 'api_key' as const, id, name, address, userAgent },
    credential: keyCredential(tenantId, id),
    actorId: id,
    memberId: null,
    memberName: name,
    role: 'key',
    permissions: grantOfKey(permissions).permissions,
    sight,
    rightsSeq,
  } satisfies MemberContext;
}
