import { createHash, randomBytes } from 'node:crypto';
import { uuid7 } from '@parley/db/uuid';
import { AppError } from '@parley/platform/app-error';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Admission } from '../invitations/admission';
import { LoginsService } from '../people/logins.service';
import type { Origin } from '../people/origin';
import { isSecure } from '../people/session-cookie';
import { SessionsService } from '../people/sessions.service';
import { callbackOf, secretPlace } from './company-settings.service';
import {
  findByAddress,
  findCompany,
  findIssuer,
  findLinked,
  insertIssuerLogin,
  keepBegun,
  takeBegun,
  type IssuerRow,
} from './issuers.queries';
import { consentUrl, exchange, OpenIdError, type Claims, type Wire } from './open-id';

/** From the click to the way back. */
export const BEGUN_S = 600;
const MOST_NAME = 80;

const Begun = z.object({
  tenantId: z.string(),
  issuerId: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
});
type Begun = z.infer<typeof Begun>;

/** Who comes in, and the provider that says so. */
interface Arrival {
  row: IssuerRow;
  claims: Claims;
  from: Origin;
}

/** People who come in by the OpenID provider of their company, into its tenant alone. */
@Injectable()
export class CompanySignInService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
    private readonly logins: LoginsService,
    private readonly admission: Admission,
    private readonly box: CredentialBox,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /**
   * Where to send somebody of this company, by its short name, a domain or an e-mail address, of which the domain alone counts:
   * nobody learns whether there is such a person. `origin` is the one the browser uses, `browser` is for a cookie. Throws `not_found`, the same whatever is missing,
   * and `provider_unavailable`.
   */
  async begin(company: string, origin: string): Promise<{ url: string; browser: string }> {
    const name = company.slice(company.lastIndexOf('@') + 1);
    const found = await this.platform.query((sql) => findCompany(sql, name));
    if (!found)
      throw new AppError('not_found', 'No company signs in here by this name. Ask your admin for its short name.');
    const { tenantId, id: issuerId, issuer, clientId } = found;
    const redirectUri = origin + callbackOf(tenantId);
    const [state, nonce, verifier, browser] = [secret(), secret(), secret(), secret()];
    const url = await consentUrl({ issuer, clientId }, { redirectUri, state, nonce, verifier }, this.wire).catch(
      (cause: unknown) => {
        throw new AppError('provider_unavailable', 'Your company’s sign-in does not answer. Try again in a minute.', {
          cause,
        });
      },
    );
    const begun: Begun = { tenantId, issuerId, nonce, verifier, redirectUri };
    const kept = { id: uuid7(), key: keyOf(state, browser), value: JSON.stringify(begun), seconds: BEGUN_S };
    await this.platform.query((sql) => keepBegun(sql, kept));
    return { url, browser };
  }

  /**
   * The token of a session in the company's tenant, and there alone. `home` is the tenant at whose address the answer came: a
   * code that another's provider made is told to nobody (RFC 9700 §4.4). Throws `OpenIdError` where somebody does not come in.
   */
  async complete(home: string, query: URLSearchParams, browser: string | undefined, from: Origin): Promise<string> {
    const state = query.get('state');
    const { tenantId, issuerId, redirectUri, ...begun } = await this.take(state, browser);
    if (tenantId !== home) throw new OpenIdError('expired');
    const ctx: TenantContext = { tenantId, correlationId: from.correlationId };
    const row = await this.db.read(ctx, (tx) => findIssuer(tx));
    if (!state || row?.id !== issuerId) throw new OpenIdError('expired');
    const clientSecret = z.string().parse(this.box.open(row.secret, secretPlace(tenantId, issuerId)));
    const url = new URL(`${redirectUri}?${query.toString()}`);
    const claims = await exchange({ ...row, clientSecret }, { url, state, ...begun }, this.wire);
    const userId = await this.recognize(ctx, { row, claims, from });
    const token = await this.sessions.openByIssuer({ tenantId, issuerId, userId }, from);
    if (!token) throw new OpenIdError('no_member');
    return token;
  }

  /** Once, in the browser that began it. */
  private async take(state: string | null, browser: string | undefined): Promise<Begun> {
    if (!state || !browser) throw new OpenIdError('expired');
    const value = await this.platform.query((sql) => takeBegun(sql, keyOf(state, browser)));
    if (value === undefined) throw new OpenIdError('expired');
    return Begun.parse(JSON.parse(value));
  }

  /** Whose login it is; who is not let in stands in the tenant's audit log. Throws `OpenIdError`. */
  private async recognize(ctx: TenantContext, arrival: Arrival): Promise<string> {
    try {
      return await this.memberOf(ctx, arrival);
    } catch (error) {
      const refusal = refusalOf(error);
      await this.db.transaction({ ...ctx }, async (tx) => {
        const { subject, email } = arrival.claims;
        const { address, userAgent } = arrival.from;
        tx.ctx.actor = { kind: 'system', id: null, name: null, address, userAgent };
        const after = { reason: refusal.reason, subject, email };
        tx.audit({ action: 'member.link_refused', target: { kind: 'tenant', id: tx.tenantId }, after });
      });
      throw refusal;
    }
  }

  /** Their subject decides; an address only where the subject comes for the first time. */
  private async memberOf(ctx: TenantContext, arrival: Arrival): Promise<string> {
    const { row, claims, from } = arrival;
    const { tenantId } = ctx;
    await this.db.read({ ...ctx }, (tx) => assertProofs(tx, row));
    const who = { tenantId, issuerId: row.id, subject: claims.subject };
    const linked = await this.platform.query((sql) => findLinked(sql, who));
    if (!linked) return this.welcome(ctx, arrival);
    const { memberId: id, active, name, userId } = linked;
    if (!id || !active) throw new OpenIdError('no_member');
    const { address, userAgent } = from;
    await this.db.transaction({ ...ctx, actor: { kind: 'member', id, name, address, userAgent } }, async (tx) =>
      tx.audit({ action: 'member.signed_in', target: { kind: 'member', id } }),
    );
    return userId;
  }

  /** Links the subject with the member of this address, or with somebody new. */
  private async welcome(ctx: TenantContext, { row, claims, from }: Arrival): Promise<string> {
    const { email, emailVerified, subject } = claims;
    if (!email || !emailVerified) throw new OpenIdError('unverified');
    if (!row.domains.includes(email.slice(email.lastIndexOf('@') + 1))) throw new OpenIdError('domain');
    const known = await this.platform.query((sql) => findByAddress(sql, ctx.tenantId, email));
    const member = known?.memberId ? { id: known.memberId, name: known.name } : null;
    if (member && !known?.active) throw new OpenIdError('no_member');
    // Nobody becomes a member of anything by another's word: who has a login of their own is invited.
    if (!member && (!row.role || (known && !known.isNobodys))) throw new OpenIdError('no_member');
    const userId = known?.userId ?? (await this.newLogin(email, claims.name));
    await this.db.transaction({ ...ctx }, async (tx) => {
      const { id, name } = member ?? (await this.admit(tx, { row, userId, name: nameFor(claims.name, email) }, from));
      const { address, userAgent } = from;
      tx.ctx.actor = { kind: 'member', id, name, address, userAgent };
      if (!(await insertIssuerLogin(tx, { issuerId: row.id, subject, userId }))) throw new OpenIdError('other_subject');
      const after = { subject, email, isNew: !member };
      tx.audit({ action: 'member.linked', target: { kind: 'member', id }, after });
      tx.audit({ action: 'member.signed_in', target: { kind: 'member', id } });
    });
    return userId;
  }

  private admit(tx: TenantTx, { row, userId, name }: { row: IssuerRow; userId: string; name: string }, from: Origin) {
    if (!row.role) throw new OpenIdError('no_member');
    return this.admission.admit(tx, { login: { id: userId, name }, role: row.role, accountIds: null }, from);
  }

  /** Its address is the provider's word, which is no proof elsewhere; whoever reads mail there makes it theirs. */
  private async newLogin(email: string, name: string | null): Promise<string> {
    const made = await this.logins.create({ email, name: nameFor(name, email), password: null, verified: false });
    if (!made) throw new OpenIdError('expired'); // somebody made it a moment ago: the next try finds it
    return made.id;
  }

  private get wire(): Wire {
    return { http: this.http, plain: !isSecure(this.env) };
  }
}

/** Where the tenant asks everybody for a second proof, the provider's has to count as one. */
async function assertProofs(tx: TenantTx, { isSecondProof }: IssuerRow): Promise<void> {
  if (isSecondProof) return;
  const rows = await run(tx.raw, 'select 1 from tenants where id = $1 and require_two_factor', [tx.tenantId]);
  if (rows.length) throw new OpenIdError('second_proof');
}

function refusalOf(error: unknown): OpenIdError {
  if (error instanceof OpenIdError) return error;
  // A full tenant; or two who are one came at once, and the next try finds what the other made.
  if (error instanceof AppError) return new OpenIdError(error.code === 'conflict' ? 'expired' : 'no_member', error);
  throw error;
}

function nameFor(name: string | null, email: string): string {
  return (name ?? email.slice(0, email.lastIndexOf('@'))).slice(0, MOST_NAME);
}

const secret = () => randomBytes(32).toString('base64url');

/** Of the table alone nobody makes it. */
function keyOf(state: string, browser: string): string {
  return `company-sign-in:${createHash('sha256').update(`${state} ${browser}`).digest('base64url')}`;
}
