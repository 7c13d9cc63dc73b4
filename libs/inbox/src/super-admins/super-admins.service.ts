import type { inviteSuperAdmin, SuperAdmin, SuperAdminInvitation } from '@parley/contracts/super-admins';
import type { InputOf } from '@parley/contracts/route';
import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import type { Sql } from '@parley/db/sql';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { AuditChain, type Actor, type AuditChange } from '@parley/platform/audit-chain';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { Mail } from '@parley/platform/mail';
import { publicOrigin } from '@parley/platform/origins';
import { PLATFORM } from '@parley/platform/platform.module';
import { RateLimits } from '@parley/platform/rate-limits';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { PlatformContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { gone } from '../invitations/invitations.service';
import { assertWelcome } from '../invitations/welcome';
import { canInstallInvitation } from '../people/can';
import { SUPER_ADMINS_LOCK } from '../people/first-super-admin';
import { invitationLetter } from '../people/letters';
import type { Login } from '../people/logins.service';
import type { Origin } from '../people/origin';
import { isSameHash, mintToken, type PlaceToken } from '../people/place-token';
import { SessionsService } from '../people/sessions.service';
import { assertSuperAdmin } from '../people/super-admin';
import {
  closeInvitation,
  closeInvitationsOf,
  findInvitation,
  giveRight,
  insertInvitation,
  isAnotherLeft,
  isSuperAdmin,
  isSuperAdminsAddress,
  languageFor,
  listInvitations,
  listSuperAdmins,
  takeRight,
  type InvitationRow,
  type SuperAdminRow,
} from './super-admins.queries';

type Wanted = InputOf<typeof inviteSuperAdmin>['body'];
interface PageOf {
  cursor?: string | undefined;
  limit: number;
}
interface By {
  actor: Actor;
  correlationId: string | null;
}

const NamePlace = z.tuple([CursorName, z.uuid()]);
const IdPlace = z.tuple([z.uuid()]);

/**
 * Who runs the install, and how they come and go. One change at a time in the whole install, so that neither two who remove each
 * other leave nobody, nor who was removed a moment ago still changes anything. Every change stands in the install's audit log.
 */
@Injectable()
export class SuperAdminsService {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly chain: AuditChain,
    private readonly sessions: SessionsService,
    private readonly mail: Mail,
    private readonly limits: RateLimits,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** By name. */
  async list({ cursor, limit }: PageOf): Promise<{ items: SuperAdmin[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, NamePlace);
    const found = await this.platform.query((sql) => listSuperAdmins(sql, { after, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, ({ name, id }) => [name, id]);
    return { items: rows.map(toSuperAdmin), nextCursor };
  }

  /** Newest first. */
  async invitations({ cursor, limit }: PageOf): Promise<{ items: SuperAdminInvitation[]; nextCursor: string | null }> {
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, IdPlace);
    const found = await this.platform.query((sql) => listInvitations(sql, { after, limit: limit + 1 }));
    const { rows, nextCursor } = cutPage(found, limit, ({ id }) => [id]);
    return { items: rows.map(toInvitation), nextCursor };
  }

  /** The link is known this once; null where it goes by mail. Throws `conflict` of who is one, `forbidden`, `rate_limited`. */
  async invite(ctx: PlatformContext, { email, via }: Wanted) {
    if (via === 'mail') await assertWelcome(this.limits, INSTALL_CHAIN, email);
    const id = uuid7();
    const token = mintToken(INSTALL_CHAIN, id);
    const { row, language } = await this.change(ctx, async (sql, note) => {
      await assertSuperAdmin(sql, ctx.userId);
      if (await isSuperAdminsAddress(sql, email))
        throw new AppError('conflict', `${email} is a super-admin already.`, {
          errors: [{ path: 'email', message: 'is taken' }],
        });
      noteTakenBack(note, await closeInvitationsOf(sql, { email }));
      await insertInvitation(sql, { id, email, via, tokenHash: token.hash, invitedBy: ctx.userId });
      note({ action: 'super_admin.invited', target: { kind: 'invitation', id }, after: { email, via } });
      return { row: await getInvitation(sql, id), language: await languageFor(sql, email, ctx.userId) };
    });
    const link = `${publicOrigin(this.env)}/invitation#${token.text}`;
    const { invitedBy } = row;
    if (via === 'mail') this.mail.send(invitationLetter(language, { to: email, tenantName: null, invitedBy, link }));
    return { invitation: toInvitation(row), link: via === 'link' ? link : null };
  }

  /** One that is closed stays as it is. Throws `not_found`, `forbidden`. */
  async takeBack(ctx: PlatformContext, id: string): Promise<void> {
    await this.change(ctx, async (sql, note) => {
      await assertSuperAdmin(sql, ctx.userId);
      const { state } = await getInvitation(sql, id);
      if (state !== 'open' && state !== 'expired') return;
      await closeInvitation(sql, id, 'revoked');
      noteTakenBack(note, [id]);
    });
  }

  /**
   * Within a second, in every process. What they have open goes too: invitations by them and for them, and acting as a member.
   * Throws `not_found`, `forbidden`, `last_admin`.
   */
  async remove(ctx: PlatformContext, id: string): Promise<void> {
    await this.change(ctx, async (sql, note) => {
      await assertSuperAdmin(sql, ctx.userId);
      if (!(await isSuperAdmin(sql, id))) throw notFound('super-admin');
      if (!(await isAnotherLeft(sql, id)))
        throw new AppError('last_admin', 'Somebody has to run this install: invite another super-admin first.');
      const removed = await takeRight(sql, id);
      if (!removed) throw notFound('super-admin');
      noteTakenBack(note, await closeInvitationsOf(sql, { email: removed.email, invitedBy: id }));
      note({ action: 'super_admin.removed', target: { kind: 'user', id }, before: { name: removed.name } });
    });
    this.sessions.forgetAll();
  }

  /** Of a token, while it can be accepted. Throws `not_found`, `invitation_gone`. */
  open(token: PlaceToken): Promise<InvitationRow> {
    return this.platform.query((sql) => getOpen(sql, token));
  }

  /** Gives the right to the login that proved to be the one that was invited. Throws as `open`, `conflict` of who is one. */
  async admit(token: PlaceToken, { id, name }: Login, { correlationId, address, userAgent }: Origin): Promise<void> {
    const actor: Actor = { kind: 'super_admin', id, name, address, userAgent };
    await this.change({ actor, correlationId }, async (sql, note) => {
      await getOpen(sql, token);
      if (!(await giveRight(sql, id))) throw new AppError('conflict', 'You are a super-admin already.');
      await closeInvitation(sql, token.id, 'accepted');
      note({ action: 'super_admin.added', target: { kind: 'user', id }, after: { name, invitation: token.id } });
    });
  }

  private change<T>(
    { actor, correlationId }: By,
    work: (sql: Sql, note: (change: AuditChange) => void) => Promise<T>,
  ): Promise<T> {
    return this.platform.begin({ begin: 'begin' }, async (sql) => {
      await run(sql, 'select pg_advisory_xact_lock($1)', [SUPER_ADMINS_LOCK]);
      const changes: AuditChange[] = [];
      const result = await work(sql, (change) => void changes.push(change));
      await this.chain.write(sql, INSTALL_CHAIN, changes, { actor, correlationId, nowMs: this.clock.now() });
      return result;
    });
  }
}

async function getInvitation(sql: Sql, id: string): Promise<InvitationRow> {
  const row = await findInvitation(sql, id);
  if (!row) throw notFound('invitation');
  return row;
}

async function getOpen(sql: Sql, { id, hash }: PlaceToken): Promise<InvitationRow> {
  const row = await getInvitation(sql, id);
  if (!isSameHash(row.tokenHash, hash)) throw notFound('invitation');
  if (row.state !== 'open') throw gone(row.state);
  return row;
}

function noteTakenBack(note: (change: AuditChange) => void, ids: string[]): void {
  for (const id of ids) note({ action: 'super_admin.invitation_revoked', target: { kind: 'invitation', id } });
}

function toSuperAdmin({ since, lastSeenAt, ...row }: SuperAdminRow): SuperAdmin {
  return { ...row, since: since.toISOString(), lastSeenAt: lastSeenAt?.toISOString() ?? null };
}

function toInvitation({ id, email, via, state, invitedBy, createdAt, expiresAt }: InvitationRow): SuperAdminInvitation {
  const [created, expires] = [createdAt.toISOString(), expiresAt.toISOString()];
  const me = { can: canInstallInvitation({ state }) };
  return { id, email, via, state, invitedBy, createdAt: created, expiresAt: expires, me };
}
