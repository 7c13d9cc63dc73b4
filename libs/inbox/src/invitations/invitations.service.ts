import { INVITATION_HOURS, type Invitation } from '@parley/contracts/invitations';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { ENV, type Env } from '@parley/platform/env';
import { Mail } from '@parley/platform/mail';
import { publicOrigin } from '@parley/platform/origins';
import { RateLimits } from '@parley/platform/rate-limits';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { cutPage, decodeCursor } from '../cursor';
import { accountsOf } from '../members/team.service';
import { canInvitation } from '../people/can';
import { assertWithin, grantOf, type Giver } from '../people/grant';
import { LoginsService } from '../people/logins.service';
import { invitationLetter } from '../people/letters';
import { mintToken } from '../people/place-token';
import { RolesService } from '../roles/roles.service';
import {
  closeInvitation,
  closeInvitationsOf,
  findInvitation,
  insertInvitation,
  listInvitations,
  renewInvitation,
  type InvitationRow,
} from './invitations.queries';
import { assertWelcome } from './welcome';

export interface Wanted {
  email: string;
  /** One of the three, or the id of a role of the tenant's. */
  role: string;
  accountIds: string[] | null;
  via: Invitation['via'];
}

/** An invitation on its way to a person. `link` is known this once. */
export interface Issued {
  row: InvitationRow;
  link: string;
}

const Place = z.tuple([z.uuid()]);

/** Ways into a tenant, each for one address, once, and for 72 hours. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly db: TenantDb,
    private readonly roles: RolesService,
    private readonly mail: Mail,
    private readonly logins: LoginsService,
    private readonly limits: RateLimits,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Newest first. */
  list(
    ctx: MemberContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: Invitation[]; nextCursor: string | null }> {
    const [after] = cursor === undefined ? [] : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const found = await listInvitations(tx, { after, limit: limit + 1 });
      const { rows, nextCursor } = cutPage(found, limit, (last) => [last.id]);
      return { items: rows.map((row) => shownTo(ctx, row)), nextCursor };
    });
  }

  /** Throws `forbidden` of more than the caller may, `not_found` of a role or account, `conflict`. */
  async create(ctx: MemberContext, wanted: Wanted): Promise<{ invitation: Invitation; link: string | null }> {
    const issued = await this.issue(ctx, wanted, { giver: ctx, invitedBy: ctx.memberId });
    return answerTo(ctx, issued);
  }

  /**
   * The same for whoever runs the install: of a tenant's first admin. Without a `giver` nobody's rights bound it, and it
   * takes the place of an open one. Throws `not_found` of a role or account, `conflict` where the address has an open
   * invitation or is a member, `rate_limited`.
   */
  async issue(
    ctx: TenantContext,
    { email, role, accountIds, via }: Wanted,
    by: { giver?: Giver; invitedBy: string | null } = { invitedBy: null },
  ): Promise<Issued> {
    if (await this.logins.isMember(ctx.tenantId, email)) throw taken(`${email} is a member already.`);
    if (via === 'mail') await assertWelcome(this.limits, ctx.tenantId, email);
    const id = uuid7();
    const token = mintToken(ctx.tenantId, id);
    const row = await this.db.transaction(ctx, async (tx) => {
      const { grant, columns } = await this.roles.resolve(tx, role);
      const accounts = await accountsOf(tx, accountIds);
      if (columns.role === 'tenant_admin' && accounts !== null)
        throw new AppError('invalid', 'An admin sees every account.', {
          errors: [{ path: 'accountIds', message: 'must be null for an admin' }],
        });
      if (by.giver) assertWithin(by.giver, grant, accounts);
      else await revokeOpen(tx, email);
      const { invitedBy } = by;
      const one = { id, email, ...columns, accountIds: accounts, via, tokenHash: token.hash, invitedBy };
      if (!(await insertInvitation(tx, { ...one, hours: INVITATION_HOURS })))
        throw taken(`${email} has an open invitation. Send that one again, or revoke it.`);
      tx.audit({
        action: 'invitation.created',
        target: { kind: 'invitation', id },
        after: { email, role, accountIds, via },
      });
      return getInvitation(tx, id);
    });
    return this.handOver(row, token.text);
  }

  /** Throws `not_found`, `forbidden`, `invitation_gone` of one that was accepted or revoked, `rate_limited`. */
  async resend(ctx: MemberContext, id: string): Promise<{ invitation: Invitation; link: string | null }> {
    const token = mintToken(ctx.tenantId, id);
    const { email, via, justSent } = await this.db.read(ctx, (tx) => getInvitation(tx, id));
    if (via === 'mail' && !justSent) await assertWelcome(this.limits, ctx.tenantId, email);
    const row = await this.db.transaction(ctx, async (tx) => {
      const before = await getInvitation(tx, id, { lock: true });
      if (before.state === 'accepted' || before.state === 'revoked') throw gone(before.state);
      assertWithin(ctx, grantOf(before), before.accountIds);
      if (before.justSent)
        throw new AppError('rate_limited', 'The mail went out a moment ago. Wait a minute.', { retryAfterMs: 60_000 });
      await renewInvitation(tx, id, token.hash, INVITATION_HOURS);
      tx.audit({ action: 'invitation.resent', target: { kind: 'invitation', id } });
      return getInvitation(tx, id);
    });
    return answerTo(ctx, this.handOver(row, token.text));
  }

  /** One that is closed stays as it is. Throws `not_found`, `forbidden` of one that gives more than the caller has. */
  async revoke(ctx: MemberContext, id: string): Promise<void> {
    await this.db.transaction(ctx, async (tx) => {
      const row = await getInvitation(tx, id, { lock: true });
      const { state } = row;
      assertWithin(ctx, grantOf(row), row.accountIds);
      if (state !== 'open' && state !== 'expired') return;
      await closeInvitation(tx, id, 'revoked');
      tx.audit({ action: 'invitation.revoked', target: { kind: 'invitation', id } });
    });
  }

  /** The token stands behind a `#`: browsers do not send that, so no log has it. */
  private handOver(row: InvitationRow, token: string): Issued {
    const link = `${publicOrigin(this.env)}/invitation#${token}`;
    const { email: to, tenantName, tenantLanguage, invitedBy } = row;
    if (row.via === 'mail') this.mail.send(invitationLetter(tenantLanguage, { to, tenantName, invitedBy, link }));
    return { row, link };
  }
}

async function revokeOpen(tx: TenantTx, email: string): Promise<void> {
  for (const id of await closeInvitationsOf(tx, email))
    tx.audit({ action: 'invitation.revoked', target: { kind: 'invitation', id } });
}

async function getInvitation(tx: TenantTx, id: string, options?: { lock: boolean }): Promise<InvitationRow> {
  const row = await findInvitation(tx, id, options);
  if (!row) throw notFound('invitation');
  return row;
}

/** What is left of an invitation that nobody can accept any more. */
export function gone(state: Invitation['state']): AppError {
  const words = {
    accepted: 'was accepted already',
    revoked: 'was taken back',
    expired: 'ran out',
    open: 'is not open',
  };
  return new AppError('invitation_gone', `This invitation ${words[state]}. Ask for a new one.`);
}

function taken(message: string): AppError {
  return new AppError('conflict', message, { errors: [{ path: 'email', message: 'is taken' }] });
}

function answerTo(ctx: MemberContext, { row, link }: Issued) {
  return { invitation: shownTo(ctx, row), link: row.via === 'link' ? link : null };
}

function shownTo(ctx: MemberContext, row: InvitationRow): Invitation {
  const { id, email, role, accountIds, via, state, invitedBy, createdAt, expiresAt } = row;
  return {
    id,
    email,
    role,
    accountIds,
    via,
    state,
    invitedBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    me: { can: canInvitation(ctx, { state, grant: grantOf(row), accountIds }) },
  };
}
