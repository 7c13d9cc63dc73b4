import { z } from 'zod';
import { Account } from './accounts';
import { Email } from './invitations';
import { Logo } from './logo';
import { At, Id, IdParams, LanguageName, page, PageQuery, text } from './primitives';
import { route } from './route';

/** `suspended`: nobody gets in and nothing is sent; what providers bring is kept and applied. `deleting`: the same, until it is gone. */
export const tenantStatuses = ['active', 'suspended', 'deleting'] as const;
export const TenantStatus = z.enum(tenantStatuses);
export type TenantStatus = z.infer<typeof TenantStatus>;

/** What a tenant may have at most; null: as much as they like. What is there already stays. */
export const Quotas = z.object({
  accounts: z.int().nonnegative().nullable(),
  members: z.int().nonnegative().nullable(),
  /** Of files, sent and received. */
  storedBytes: z.int().nonnegative().nullable(),
});
export type Quotas = z.infer<typeof Quotas>;

/** What can be switched off for a tenant. */
export const Features = z.object({
  /** Members may write to somebody who has not written yet. */
  writeFirst: z.boolean(),
});
export type Features = z.infer<typeof Features>;

export const noQuotas: Quotas = { accounts: null, members: null, storedBytes: null };
export const allFeatures: Features = { writeFirst: true };

/** A tenant as who runs the install sees it: nothing of what was written in it. */
export const Tenant = z
  .object({
    id: Id,
    name: z.string(),
    slug: z.string(),
    /** Its mark, where it has a picture; null: a letter. */
    logo: Logo.nullable(),
    timeZone: z.string(),
    /** Of its members who chose none, and of mails to whom it invites. */
    language: LanguageName,
    status: TenantStatus,
    /** When it will be gone. */
    deletesAt: At.nullable(),
    createdAt: At,
    /** Of its newest event that is kept; null: nothing happened for a week. */
    lastActivityAt: At.nullable(),
    quotas: Quotas,
    features: Features,
    usage: z.object({ members: z.int(), accounts: z.int(), storedBytes: z.int() }),
    /** How many of its accounts are not connected, though nobody disconnected them; and items that could not be applied. */
    health: z.object({ troubledAccounts: z.int(), deadLetters: z.int() }),
  })
  .meta({ id: 'Tenant' });
export type Tenant = z.infer<typeof Tenant>;

const Slug = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'letters, digits and hyphens, 40 at most');
export const TimeZone = z.string().max(64).refine(isTimeZone, 'is no time zone');
export const TenantName = text().trim().min(1).max(80);
const NewAdmin = z.object({ email: Email, via: z.enum(['link', 'mail']).default('link') });

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

export const listTenants = route('GET', '/admin/tenants', {
  summary: 'Tenants of the install by name. `q` looks in name and slug.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery.extend({ q: text().trim().max(80).optional(), status: TenantStatus.optional() }),
  response: page(Tenant),
});

export const getTenant = route('GET', '/admin/tenants/:id', {
  summary: 'One tenant.',
  access: 'platform.read',
  reach: 'install',
  params: IdParams,
  response: Tenant,
});

export const createTenant = route('POST', '/admin/tenants', {
  summary: 'Onboards a tenant, and invites its first admin: by a link to hand over, shown this once, or by mail.',
  access: 'tenant.manage',
  reach: 'caller',
  body: z.object({
    name: TenantName,
    slug: Slug,
    timeZone: TimeZone.default('UTC'),
    language: LanguageName.default('en'),
    admin: NewAdmin.optional(),
  }),
  response: z.object({ tenant: Tenant, invitationLink: z.url().nullable() }),
  once: true,
  status: 201,
  refuses: ['conflict'],
});

export const inviteTenantAdmin = route('POST', '/admin/tenants/:id/admins', {
  summary:
    'Invites an admin of a tenant, by a link that is shown this once, or by mail. An open invitation of the address is taken back.',
  access: 'tenant.manage',
  reach: 'install',
  params: IdParams,
  body: NewAdmin,
  response: z.object({ invitationLink: z.url().nullable() }),
  once: true,
  status: 201,
  refuses: ['conflict'],
});

export const updateTenant = route('PATCH', '/admin/tenants/:id', {
  summary:
    'Changes names, quotas and features. A quota below what is there keeps more from coming, and takes nothing away.',
  access: 'tenant.manage',
  reach: 'install',
  params: IdParams,
  body: z
    .object({
      name: TenantName,
      slug: Slug,
      timeZone: TimeZone,
      language: LanguageName,
      quotas: Quotas.partial(),
      features: Features.partial(),
    })
    .partial(),
  response: Tenant,
  refuses: ['conflict'],
});

export const suspendTenant = route('POST', '/admin/tenants/:id/suspend', {
  summary: 'Within a second nobody of it gets in and nothing is sent. What providers bring is kept and applied.',
  access: 'tenant.manage',
  reach: 'install',
  params: IdParams,
  response: Tenant,
  refuses: ['conflict'],
});

export const restoreTenant = route('POST', '/admin/tenants/:id/restore', {
  summary: 'Ends a suspension, or a deletion that was planned. What waited is sent.',
  access: 'tenant.manage',
  reach: 'install',
  params: IdParams,
  response: Tenant,
});

export const deleteTenant = route('DELETE', '/admin/tenants/:id', {
  summary: 'Suspends it, and removes everything of it once the days of grace are over. Until then it can be restored.',
  access: 'tenant.manage',
  reach: 'install',
  params: IdParams,
  query: z.object({ graceDays: z.coerce.number().int().min(0).max(90).default(30) }),
  response: Tenant,
});

export const InstallAccount = Account.pick({
  id: true,
  name: true,
  provider: true,
  channel: true,
  state: true,
  stateDetail: true,
  paused: true,
})
  .extend({ tenantId: Id, tenantName: z.string(), stateAt: At })
  .meta({ id: 'InstallAccount' });
export type InstallAccount = z.infer<typeof InstallAccount>;

export const listInstallAccounts = route('GET', '/admin/accounts', {
  summary:
    'How the accounts of all tenants stand, those that changed last first. `troubled`: only those that need somebody.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery.extend({ tenant: Id.optional(), troubled: z.stringbool().optional() }),
  response: page(InstallAccount),
});

/** An item of a provider's call that could not be applied. Its words stay closed. */
export const DeadLetter = z
  .object({
    tenantId: Id,
    tenantName: z.string(),
    accountId: Id,
    /** Names the item, together with the day. */
    key: Id,
    receivedOn: z.iso.date(),
    why: z.string(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const listDeadLetters = route('GET', '/admin/dead-letters', {
  summary: 'Items that could not be applied, of all tenants, the newest days first.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery.extend({ tenant: Id.optional() }),
  response: page(DeadLetter),
});

export const replayDeadLetters = route('POST', '/admin/dead-letters/replay', {
  summary: 'Tries items again: those that are named, or all of a tenant. Answers how many wait now.',
  access: 'tenant.manage',
  reach: 'caller',
  body: z.union([z.object({ keys: z.array(Id).min(1).max(100) }), z.object({ tenant: Id })]),
  response: z.object({ replayed: z.int() }),
});
