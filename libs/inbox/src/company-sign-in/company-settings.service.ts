import type { CompanySignIn, setCompanySignIn } from '@parley/contracts/company-sign-in';
import type { InputOf } from '@parley/contracts/route';
import { uuid7 } from '@parley/db/uuid';
import { AppError } from '@parley/platform/app-error';
import { isChanged, type AuditFields } from '@parley/platform/audit-chain';
import { CredentialBox, type Place } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { publicOrigin } from '@parley/platform/origins';
import { HTTP, PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { assertWithin, grantOf } from '../people/grant';
import { isSecure } from '../people/session-cookie';
import { SessionsService } from '../people/sessions.service';
import { RolesService } from '../roles/roles.service';
import { deleteIssuer, findIssuer, listLeading, saveIssuer, type IssuerRow } from './issuers.queries';
import { examine, type Check } from './open-id';

type Wanted = InputOf<typeof setCompanySignIn>['body'];
type Told = { signIn: CompanySignIn | null; redirectUri: string; leading: string[] };

export const CALLBACK = '/api/auth/company/callback';
/** Under the install's origin: where a tenant's provider sends people back, and no other, or one could have another's code. */
export const callbackOf = (tenantId: string) => `${CALLBACK}/${tenantId}`;

/** A tenant's own OpenID provider, as its admins set it up. */
@Injectable()
export class CompanySettingsService {
  constructor(
    private readonly db: TenantDb,
    private readonly roles: RolesService,
    private readonly sessions: SessionsService,
    private readonly box: CredentialBox,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(ENV) private readonly env: Env,
  ) {}

  get(ctx: MemberContext): Promise<Told> {
    return this.db.read(ctx, (tx) => findIssuer(tx)).then((row) => this.tell(ctx, row));
  }

  /** Throws `forbidden`, `not_found` of a role, `invalid` where the secret is missing. */
  async set(ctx: MemberContext, wanted: Wanted): Promise<Told> {
    assertEveryRight(ctx);
    const row = await this.db.transaction(ctx, (tx) => this.replace(tx, ctx, wanted));
    this.sessions.forgetAll();
    return this.tell(ctx, row);
  }

  /** Nothing where there is none. Throws `forbidden`. */
  async remove(ctx: MemberContext): Promise<void> {
    assertEveryRight(ctx);
    await this.db.transaction(ctx, async (tx) => {
      const before = await findIssuer(tx, { lock: true });
      if (!before) return;
      await deleteIssuer(tx, before.id);
      const target = { kind: 'tenant', id: tx.tenantId } as const;
      tx.audit({ action: 'company_sign_in.removed', target, before: auditedOf(before) });
    });
    this.sessions.forgetAll();
  }

  async check(issuer: string): Promise<{ checks: Check[] }> {
    return { checks: await examine(issuer, { http: this.http, plain: !isSecure(this.env) }) };
  }

  /** Another issuer or client is another row, so that nobody is taken for whom the one before knew. */
  private async replace(tx: TenantTx, ctx: MemberContext, { clientSecret, ...wanted }: Wanted): Promise<IssuerRow> {
    const before = await findIssuer(tx, { lock: true });
    const stays = before?.issuer === wanted.issuer && before.clientId === wanted.clientId;
    const { grant, columns } = wanted.newRole
      ? await this.roles.resolve(tx, wanted.newRole)
      : { grant: null, columns: { role: null, roleId: null } };
    if (grant) assertWithin(ctx, grant, null);
    if (before && !stays) await deleteIssuer(tx, before.id);
    const id = before && stays ? before.id : uuid7();
    const secret = clientSecret ? this.box.seal(clientSecret, secretPlace(tx.tenantId, id)) : stays && before.secret;
    if (!secret)
      throw new AppError('invalid', 'Another issuer or client takes its secret anew.', {
        errors: [{ path: 'clientSecret', message: 'is needed' }],
      });
    const { issuer, clientId, isSecondProof, only, newRole: role } = wanted;
    const domains = [...new Set(wanted.domains)].sort();
    const row = { id, issuer, clientId, secret, domains, isSecondProof, only };
    await saveIssuer(tx, { ...row, columns });
    const after = { ...row, role };
    const [from, to] = [before && auditedOf(before), auditedOf(after)];
    const target = { kind: 'tenant', id: tx.tenantId } as const;
    if (clientSecret || !from || isChanged(from, to))
      tx.audit({ action: 'company_sign_in.set', target, ...(from && { before: from }), after: to });
    return after;
  }

  private async tell({ tenantId }: MemberContext, row: IssuerRow | undefined): Promise<Told> {
    const redirectUri = publicOrigin(this.env) + callbackOf(tenantId);
    if (!row) return { signIn: null, redirectUri, leading: [] };
    const { issuer, clientId, domains, isSecondProof, only } = row;
    const newRole = row.role as CompanySignIn['newRole']; // as the table's check and foreign key keep it
    const leading = await this.platform.query((sql) => listLeading(sql, tenantId));
    return { signIn: { issuer, clientId, domains, newRole, isSecondProof, only }, redirectUri, leading };
  }
}

/** Where the client's secret is sealed for. */
export function secretPlace(tenantId: string, id: string): Place {
  return { tenantId, table: 'issuers', column: 'secret', row: id };
}

/** A provider says who anybody is, admins too: who chooses one takes every right. Throws `forbidden`. */
function assertEveryRight(ctx: MemberContext): void {
  assertWithin(ctx, grantOf({ role: 'tenant_admin', permissions: null, seesAll: null }), null);
}

function auditedOf({ issuer, clientId, domains, role, isSecondProof, only }: IssuerRow): AuditFields {
  return { issuer, clientId, domains, newRole: role, isSecondProof, only };
}
