import { INSTALL_CHAIN } from '@parley/db/schema/audit';
import { AppError, notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { LoginsService, type Login } from '../people/logins.service';
import type { Origin } from '../people/origin';
import { isSameHash, readPlaceToken, type PlaceToken } from '../people/place-token';
import { assertOneself, SessionsService, type SignedIn } from '../people/sessions.service';
import { RolesService } from '../roles/roles.service';
import { SuperAdminsService } from '../super-admins/super-admins.service';
import { Admission } from './admission';
import { closeInvitation, findInvitation, type InvitationRow } from './invitations.queries';
import { gone } from './invitations.service';

interface Answer {
  token: string;
  name?: string | undefined;
  password?: string | undefined;
}

type Invited = Pick<InvitationRow, 'email' | 'via' | 'expiresAt'>;

/** From an invitation to a member, or to a super-admin. */
@Injectable()
export class AcceptanceService {
  constructor(
    private readonly db: TenantDb,
    private readonly roles: RolesService,
    private readonly admission: Admission,
    private readonly superAdmins: SuperAdminsService,
    private readonly sessions: SessionsService,
    private readonly logins: LoginsService,
  ) {}

  /** Throws `not_found` of a token that never was, `invitation_gone`. */
  async open(text: string, correlationId: string | null) {
    const token = tokenOf(text);
    if (isOfInstall(token))
      return this.shown(await this.superAdmins.open(token), { tenant: null, role: 'super_admin' });
    const { row, role } = await this.db.transaction(contextOf(token, correlationId), async (tx) => {
      const row = await getOpen(tx, token);
      return { row, role: await this.roles.resolve(tx, row.role) };
    });
    return this.shown(row, { tenant: row.tenantName, role: role.name });
  }

  private async shown({ email, via, expiresAt }: Invited, to: { tenant: string | null; role: string }) {
    const known = via === 'link' ? null : (await this.logins.find(email)) !== undefined;
    return { ...to, email, known, expiresAt: expiresAt.toISOString() };
  }

  /**
   * `signedIn`: who holds the browser, if anybody. Throws as `open`, `unauthenticated` where the address has a login that
   * is not signed in, `forbidden` where another is or who is not themselves (`assertOneself`), `invalid` without a name or password for a new one.
   */
  async accept(answer: Answer, signedIn: SignedIn | null, from: Origin) {
    const token = tokenOf(answer.token);
    const ctx = isOfInstall(token) ? null : contextOf(token, from.correlationId);
    const row = await (ctx ? this.db.transaction(ctx, (tx) => getOpen(tx, token)) : this.superAdmins.open(token));
    const login = await this.loginOf(row, answer, signedIn);
    const memberId = ctx && (await this.db.transaction(ctx, (tx) => this.enter(tx, token, { login, from })));
    if (!ctx) await this.superAdmins.admit(token, login, from);
    if (row.via === 'mail' && !login.emailVerified) await this.logins.verify(login.id);
    this.sessions.forgetAll();
    return { tenantId: ctx?.tenantId ?? null, memberId, email: row.email };
  }

  /** The member that comes of it is who did this. */
  private async enter(
    tx: TenantTx,
    token: PlaceToken,
    { login, from }: { login: Login; from: Origin },
  ): Promise<string> {
    const { id: invitation, accountIds, role } = await getOpen(tx, token, { lock: true });
    const { id, name } = await this.admission.admit(tx, { login, role, accountIds }, from);
    await closeInvitation(tx, invitation, 'accepted');
    const after = { name, role, accountIds, invitation };
    tx.audit({ action: 'invitation.accepted', target: { kind: 'member', id }, after });
    return id;
  }

  /**
   * Whose login it will be. Nobody takes a login over by an invitation: who has one proves it by signing in. A link may have
   * been made by anybody, for any address: whether that has a login it tells no sooner than to who tries to make one.
   */
  private async loginOf(row: Invited, { name, password }: Answer, signedIn: SignedIn | null): Promise<Login> {
    const known = await this.logins.find(row.email);
    if (known && signedIn?.user.id === known.id) {
      assertOneself(signedIn);
      return known;
    }
    const isTold = row.via === 'mail' || Boolean(name && password);
    if (signedIn && (known || !isTold))
      throw new AppError('forbidden', `This invitation is for ${row.email}. Sign out, and sign in with that address.`);
    if (known && isTold)
      throw new AppError('unauthenticated', `Sign in as ${row.email}, then open the invitation again.`);
    if (!name || !password) {
      const missing = [...(name ? [] : ['name']), ...(password ? [] : ['password'])];
      throw new AppError('invalid', 'Choose a name and a password.', {
        errors: missing.map((path) => ({ path, message: 'is needed of somebody new' })),
      });
    }
    const made = await this.logins.create({ email: row.email, name, password, verified: row.via === 'mail' });
    if (!made) throw new AppError('conflict', 'Somebody made a login with this address a moment ago. Sign in with it.');
    return made;
  }
}

function tokenOf(text: string): PlaceToken {
  const token = readPlaceToken(text);
  if (!token) throw notFound('invitation');
  return token;
}

/** No tenant's: to run the whole of it. */
function isOfInstall({ tenantId }: PlaceToken): boolean {
  return tenantId === INSTALL_CHAIN;
}

function contextOf({ tenantId }: PlaceToken, correlationId: string | null): TenantContext {
  return { tenantId, correlationId };
}

/** The invitation of a token, while it can be accepted. Throws `not_found`, `invitation_gone`. */
async function getOpen(tx: TenantTx, { id, hash }: PlaceToken, options?: { lock: boolean }): Promise<InvitationRow> {
  const row = await findInvitation(tx, id, options);
  if (!row || !isSameHash(row.tokenHash, hash)) throw notFound('invitation');
  if (row.state !== 'open') throw gone(row.state);
  if (!row.tenantActive) throw gone('revoked');
  return row;
}
