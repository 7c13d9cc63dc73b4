import type { AuditChain } from '@parley/platform/audit-chain';
import type { Role } from '@parley/contracts/permissions';
import type { Pool } from '@parley/db/pools';
import { uuid7 } from '@parley/db/uuid';
import { hashPassword } from './password';

// For seeds and set-up commands; all through the platform's role, and safe to repeat: who is there already stays as they are.

/** A login with a password. Answers its id. */
export async function createUser(
  platform: Pool,
  {
    email,
    name,
    password,
    superAdmin = false,
  }: { email: string; name: string; password: string; superAdmin?: boolean },
): Promise<string> {
  const address = email.trim().toLowerCase();
  const [known] = await platform.unsafe<{ id: string }[]>('select id from users where email = $1', [address]);
  if (known) return known.id;
  const [id, hash] = [uuid7(), await hashPassword(password)];
  const inserted = await platform.unsafe(
    `with u as (
       insert into users (id, name, email, email_verified, super_admin) values ($1, $2, $3, true, $4) on conflict (email) do nothing returning id)
     insert into credentials (id, user_id, account_id, provider_id, password) select $5, id, id::text, 'credential', $6 from u returning user_id`,
    [id, name, address, superAdmin, uuid7(), hash],
  );
  return inserted.length ? id : createUser(platform, { email, name, password, superAdmin }); // somebody made it meanwhile
}

/** A tenant, with the head of its events and of its audit log. Answers its id. */
export async function createTenant(
  { platform, chain }: { platform: Pool; chain: AuditChain },
  { name, slug, agentsSeeUnassigned = true }: { name: string; slug: string; agentsSeeUnassigned?: boolean },
): Promise<string> {
  return platform.begin(async (tx) => {
    const made = await tx.unsafe(
      'insert into tenants (id, name, slug, agents_see_unassigned) values ($1, $2, $3, $4) on conflict (slug) do nothing returning 1',
      [uuid7(), name, slug, agentsSeeUnassigned],
    );
    const [tenant] = await tx.unsafe<{ id: string }[]>('select id from tenants where slug = $1', [slug]);
    if (!tenant) throw new Error(`the tenant ${slug} could not be made`);
    if (made.length) await chain.begin(tx, tenant.id);
    await tx.unsafe('insert into event_heads (tenant_id) values ($1) on conflict do nothing', [tenant.id]);
    return tenant.id;
  });
}

/** A user's membership. Answers its id. */
export async function createMember(
  platform: Pool,
  { tenantId, userId, name, role }: { tenantId: string; userId: string; name: string; role: Role },
): Promise<string> {
  await platform.unsafe(
    'insert into members (tenant_id, id, user_id, name, role) values ($1, $2, $3, $4, $5) on conflict (tenant_id, user_id) do nothing',
    [tenantId, uuid7(), userId, name, role],
  );
  const [member] = await platform.unsafe<{ id: string }[]>(
    'select id from members where tenant_id = $1 and user_id = $2',
    [tenantId, userId],
  );
  if (!member) throw new Error('the membership could not be made');
  return member.id;
}
