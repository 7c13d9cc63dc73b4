import { randomBytes } from 'node:crypto';
import type { Permission } from '@parley/contracts/permissions';
import type { AgentsSee } from '@parley/contracts/visibility';
import { uuid7 } from '@parley/db/uuid';
import type { Actor } from '@parley/platform/audit-chain';
import { AppError } from '@parley/platform/app-error';
import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb } from '@parley/platform/tenant-db';
import { Together } from '@parley/platform/together';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext, PlatformContext } from '../context';
import { agentsSeeOf } from '../conversations/agents-see';
import { closed, type OpenAccounts, type Sight } from '../conversations/sight';
import { keyOf, type Credential } from './credential';
import { grantOf } from './grant';
import type { Origin } from './origin';
import { readToken, sessionCookieName } from './session-cookie';
import {
  endSession,
  findSessions,
  listKeyRights,
  listRights,
  openByIssuer,
  prolongSession,
  type Rights,
  type SessionRow,
} from './sessions.queries';

/** Who is signed in. `member` is null without an active membership. */
export interface SignedIn {
  sessionId: string;
  user: { id: string; name: string; email: string; superAdmin: boolean; twoFactor: boolean };
  member: {
    tenantId: string;
    id: string;
    name: string;
    role: string;
    permissions: ReadonlySet<Permission>;
    sight: Sight;
    rightsSeq: number;
  } | null;
  /** The super-admin who acts as this user. */
  impersonation: { userId: string; name: string; until: string } | null;
  /**
   * The tenant whose own OpenID provider opened this session; null: the person showed who they are themselves. A provider says
   * whatever its tenant's admin wants: such a session stays in that tenant, and the login behind it is closed to it.
   */
  byCompanyOf: string | null;
}

/** How long a session is believed without another look: within it every revocation counts. */
const BELIEVED_MS = 1000;
const MOST = 20_000;

/** From a cookie to a person and their membership. */
@Injectable()
export class SessionsService {
  private readonly known = new Map<string, { signedIn: Promise<SignedIn | null>; until: number }>();
  private readonly cookieName: string;
  private readonly rows = new Together((tokens: string[]) => this.readSessions(tokens));
  private readonly rights = new Together((credentials: Credential[]) => this.stillValid(credentials));
  private readonly openAccounts = new Together((tenantIds: string[]) => this.readOpenAccounts(tenantIds));

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly db: TenantDb,
  ) {
    this.cookieName = sessionCookieName(env);
  }

  /** Null: nobody is signed in. */
  async identify(headers: { cookie?: string | undefined }): Promise<SignedIn | null> {
    const token = readToken(headers.cookie, this.cookieName, this.env.AUTH_SECRET);
    if (!token) return null;
    const known = this.known.get(token);
    if (known && known.until > performance.now()) return known.signedIn;
    return this.remember(token, this.look(token));
  }

  /**
   * Rights of those of these sessions that still live and still have a membership, and of those keys that live; who is
   * missing must be cut off. One query for each kind, for the once-a-second check of open streams.
   */
  async stillValid(credentials: Credential[]): Promise<Map<Credential, Rights>> {
    const keys = credentials.flatMap((one) => keyOf(one) ?? []);
    const sessionIds = credentials.filter((one) => !keyOf(one));
    const [bySession, byKey] = await Promise.all([
      sessionIds.length ? this.platform.query((sql) => listRights(sql, sessionIds)) : [],
      keys.length ? this.platform.query((sql) => listKeyRights(sql, keys)) : [],
    ]);
    return new Map([...bySession, ...byKey].map(({ credential, ...rights }) => [credential, rights]));
  }

  /** The same of one session; who comes at the same moment is answered by the same query. */
  rightsOf(credential: Credential): Promise<Rights | undefined> {
    return this.rights.ask(credential);
  }

  /** What a member may see, now. */
  async sightOf(
    tenantId: string,
    memberId: string | null,
    { seesAll, accountIds, teamIds }: { seesAll: boolean; accountIds: string[] | null; teamIds: string[] },
  ): Promise<Sight> {
    const own = { memberId, teams: new Set(teamIds), within: accountIds && new Set(accountIds) };
    if (seesAll) return { ...own, all: true, ...closed };
    return { ...own, all: false, ...((await this.openAccounts.ask(tenantId)) ?? closed) };
  }

  /**
   * A session for whom a tenant's provider let in, kept to that tenant; its token. Null: the provider, the member or the tenant
   * is gone.
   */
  async openByIssuer(
    who: Record<'tenantId' | 'issuerId' | 'userId', string>,
    from: Pick<Origin, 'address' | 'userAgent'>,
  ): Promise<string | null> {
    const one = { id: uuid7(), token: randomBytes(32).toString('base64url'), ...who };
    return (await this.platform.query((sql) => openByIssuer(sql, one, from))) ? one.token : null;
  }

  /** Ends the session of this cookie, if there is one. */
  async end(headers: { cookie?: string | undefined }): Promise<void> {
    const token = readToken(headers.cookie, this.cookieName, this.env.AUTH_SECRET);
    if (!token) return;
    await this.platform.query((sql) => endSession(sql, token));
    this.known.delete(token);
  }

  /** Drops what is believed about the session of this cookie: it was changed or ended. */
  forget(headers: { cookie?: string | undefined }): void {
    const token = readToken(headers.cookie, this.cookieName, this.env.AUTH_SECRET);
    if (token) this.known.delete(token);
  }

  /** Drops everything believed: rights were changed here. */
  forgetAll(): void {
    this.known.clear();
  }

  private remember(token: string, signedIn: Promise<SignedIn | null>): Promise<SignedIn | null> {
    if (this.known.size >= MOST) this.known.clear();
    this.known.set(token, { signedIn, until: performance.now() + BELIEVED_MS });
    signedIn.catch(() => this.known.delete(token));
    return signedIn;
  }

  private async look(token: string): Promise<SignedIn | null> {
    const row = await this.rows.ask(token);
    if (!row) return null;
    if (row.stale) await this.platform.query((sql) => prolongSession(sql, row.session_id));
    return {
      sessionId: row.session_id,
      user: {
        id: row.user_id,
        name: row.user_name,
        email: row.email,
        superAdmin: row.super_admin && isOneself(row),
        twoFactor: row.two_factor && row.issuer_tenant_id === null,
      },
      member: await this.memberOf(row),
      impersonation: impersonationOf(row),
      byCompanyOf: row.issuer_tenant_id,
    };
  }

  private async readSessions(tokens: string[]): Promise<Map<string, SessionRow>> {
    const rows = await this.platform.query((sql) => findSessions(sql, tokens));
    return new Map(rows.map((row) => [row.token, row]));
  }

  /** Accounts of which all agents see what nobody has, what their teams have, or everything. */
  private async readOpenAccounts(tenantIds: string[]): Promise<Map<string, OpenAccounts>> {
    const read = (tenantId: string) =>
      this.db.transaction({ tenantId, correlationId: null }, (tx) =>
        tx.raw.unsafe<{ id: string; sees: AgentsSee }[]>(
          `select a.id, coalesce(${agentsSeeOf('a')}, ${agentsSeeOf('t')}) sees
           from accounts a join tenants t on t.id = a.tenant_id where a.tenant_id = $1`,
          [tenantId],
          { prepare: true },
        ),
      );
    const found = await Promise.all(tenantIds.map(async (id) => [id, await read(id)] as const));
    return new Map(
      found.map(([tenantId, rows]) => {
        const where = (...levels: AgentsSee[]) =>
          new Set(rows.flatMap(({ id, sees }) => (levels.includes(sees) ? [id] : [])));
        return [tenantId, { allIn: where('all'), unassignedIn: where('unassigned', 'team'), teamIn: where('team') }];
      }),
    );
  }

  private async memberOf(row: SessionRow): Promise<SignedIn['member']> {
    const { tenant_id: tenantId, member_id: id, member_name: name, role, rights_seq: rightsSeq } = row;
    if (!tenantId || !id || !name || !role) return null;
    const { permissions, seesAll } = grantOf({ role, permissions: row.permissions, seesAll: row.sees_all });
    const { account_ids: accountIds, team_ids: teamIds } = row;
    const sight = await this.sightOf(tenantId, id, { seesAll, accountIds, teamIds: teamIds ?? [] });
    return { tenantId, id, name, role, permissions, sight, rightsSeq: rightsSeq ?? 0 };
  }
}

/** Neither who acts as them, nor whom a tenant's provider says they are. */
function isOneself({ impersonator_id: by, issuer_tenant_id: company }: SessionRow): boolean {
  return by === null && company === null;
}

/** Where somebody belongs and how they sign in is theirs alone. Throws `forbidden`. */
export function assertOneself({ impersonation, byCompanyOf }: SignedIn): void {
  if (impersonation)
    throw new AppError(
      'forbidden',
      'You act as a member of one tenant: their sign-in is theirs alone. End that first.',
    );
  if (byCompanyOf)
    throw new AppError(
      'forbidden',
      'Your company signed you in, for its inbox alone. For this, sign out and sign in yourself, with your password or a passkey.',
    );
}

function impersonationOf({ impersonator_id: userId, impersonator_name: name, expires_at: until }: SessionRow) {
  return userId && name ? { userId, name, until: until.toISOString() } : null;
}

/** A context of one request, for a person with an active membership. */
export function contextFrom(signedIn: SignedIn, origin: Origin): MemberContext | null {
  const { sessionId, member } = signedIn;
  if (!member) return null;
  return {
    tenantId: member.tenantId,
    correlationId: origin.correlationId,
    actor: actorOf(signedIn, origin),
    credential: sessionId,
    actorId: member.id,
    memberId: member.id,
    memberName: member.name,
    role: member.role,
    permissions: member.permissions,
    sight: member.sight,
    rightsSeq: member.rightsSeq,
  };
}

/** A context of one request, for a super-admin: whether they are one is the caller's to see. */
export function platformContextFrom(signedIn: SignedIn, origin: Origin): PlatformContext {
  const { sessionId, user } = signedIn;
  const actor = { ...actorOf(signedIn, origin), kind: 'super_admin', id: user.id, name: user.name } as const;
  return { actor, correlationId: origin.correlationId, userId: user.id, sessionId };
}

/** Who answers for what is done: of an impersonated member the super-admin. */
export function actorOf({ user, member, impersonation }: SignedIn, { address, userAgent }: Origin): Actor {
  const from = { address, userAgent };
  if (impersonation)
    return {
      ...{ kind: 'super_admin', id: impersonation.userId, name: impersonation.name, ...from },
      ...(member ? { asMemberId: member.id } : {}),
    };
  return { kind: 'member', id: member?.id ?? user.id, name: member?.name ?? user.name, ...from };
}
