import { INVITATION_HOURS, type Invitation } from '@parley/contracts/invitations';
import type { Language } from '@parley/contracts/languages';
import type { Member } from '@parley/contracts/members';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { MEMBER } from '../members/member.view';
import type { RoleRow } from '../people/grant';

export interface InvitationRow extends RoleRow {
  id: string;
  email: string;
  accountIds: string[] | null;
  via: Invitation['via'];
  state: Invitation['state'];
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  tokenHash: string;
  /** The mail went out a moment ago. */
  justSent: boolean;
  tenantName: string;
  tenantLanguage: Language;
  tenantActive: boolean;
}

const INVITATIONS = `select i.id, i.email, coalesce(i.role, i.role_id::text) role, r.permissions, r.sees_all "seesAll", i.account_ids "accountIds", i.via, m.name "invitedBy",
    case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked'
      when i.expires_at < now() then 'expired' else 'open' end state,
    i.created_at "createdAt", i.expires_at "expiresAt", i.token_hash "tokenHash",
    i.via = 'mail' and i.expires_at > now() + interval '${INVITATION_HOURS} hours' - interval '1 minute' "justSent", t.name "tenantName", t.language "tenantLanguage", t.status = 'active' "tenantActive"
  from invitations i join tenants t on t.id = i.tenant_id left join roles r on r.tenant_id = i.tenant_id and r.id = i.role_id
  left join members m on m.tenant_id = i.tenant_id and m.id = i.invited_by where i.tenant_id = $1`;

/** Newest first: ids grow with time. `after` is the last of the page before, exclusive. */
export function listInvitations(
  tx: TenantTx,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<InvitationRow[]> {
  return run<InvitationRow>(tx.raw, `${INVITATIONS} and ($2::uuid is null or i.id < $2) order by i.id desc limit $3`, [
    tx.tenantId,
    after ?? null,
    limit,
  ]);
}

/** `lock`: it will be changed. */
export async function findInvitation(
  tx: TenantTx,
  id: string,
  { lock = false } = {},
): Promise<InvitationRow | undefined> {
  const [row] = await run<InvitationRow>(
    tx.raw,
    `${INVITATIONS} and i.id = $2 ${lock ? 'for no key update of i' : ''}`,
    [tx.tenantId, id],
  );
  return row;
}

export interface NewInvitation {
  id: string;
  email: string;
  role: string | null;
  roleId: string | null;
  accountIds: string[] | null;
  via: Invitation['via'];
  tokenHash: string;
  invitedBy: string | null;
  hours: number;
}

/** False: this address has an open one. One that ran out makes room. */
export async function insertInvitation(tx: TenantTx, one: NewInvitation): Promise<boolean> {
  await run(
    tx.raw,
    `update invitations set revoked_at = now()
     where tenant_id = $1 and email = $2 and accepted_at is null and revoked_at is null and expires_at < now()`,
    [tx.tenantId, one.email],
  );
  const rows = await run(
    tx.raw,
    `insert into invitations (tenant_id, id, email, role, role_id, account_ids, via, token_hash, invited_by, expires_at)
     values ($1, $2, $3, $4, $5, $6::uuid[], $7, $8, $9, now() + $10 * interval '1 hour')
     on conflict (tenant_id, email) where accepted_at is null and revoked_at is null do nothing returning id`,
    [
      tx.tenantId,
      one.id,
      one.email,
      one.role,
      one.roleId,
      one.accountIds,
      one.via,
      one.tokenHash,
      one.invitedBy,
      one.hours,
    ],
  );
  return rows.length === 1;
}

/** A new token, and the time anew. */
export async function renewInvitation(tx: TenantTx, id: string, tokenHash: string, hours: number): Promise<void> {
  await run(
    tx.raw,
    `update invitations set token_hash = $3, expires_at = now() + $4 * interval '1 hour' where tenant_id = $1 and id = $2`,
    [tx.tenantId, id, tokenHash, hours],
  );
}

export async function closeInvitation(tx: TenantTx, id: string, how: 'accepted' | 'revoked'): Promise<void> {
  await run(tx.raw, `update invitations set ${how}_at = now() where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
}

/** Takes back what is open for an address. Answers the ids. */
export async function closeInvitationsOf(tx: TenantTx, email: string): Promise<string[]> {
  const rows = await run<{ id: string }>(
    tx.raw,
    `update invitations set revoked_at = now()
     where tenant_id = $1 and email = $2 and accepted_at is null and revoked_at is null returning id`,
    [tx.tenantId, email],
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes a member, or lets a former one in again with what they are now, and of no team. Null: they are one. Answers the member's id, and
 * whether they were here before.
 */
export async function admitMember(
  tx: TenantTx,
  one: {
    id: string;
    userId: string;
    name: string;
    role: string | null;
    roleId: string | null;
    accountIds: string[] | null;
  },
): Promise<(Member & { returned: boolean }) | null> {
  const [row] = await run<Member>(
    tx.raw,
    `insert into members (tenant_id, id, user_id, name, role, role_id, account_ids) values ($1, $2, $3, $4, $5, $6, $7::uuid[])
     on conflict (tenant_id, user_id) do update set role = excluded.role, role_id = excluded.role_id,
       account_ids = excluded.account_ids, team_ids = '{}', active = true where not members.active
     returning ${MEMBER}`,
    [tx.tenantId, one.id, one.userId, one.name, one.role, one.roleId, one.accountIds],
  );
  return row ? { ...row, returned: row.id !== one.id } : null;
}
