import { z } from 'zod';
import { auditActions } from './audit-actions';
import { At, Id, page, PageQuery } from './primitives';
import { route } from './route';

export const AuditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof AuditAction>;

export const actorKinds = ['member', 'api_key', 'super_admin', 'system'] as const;
export const auditTargets = [
  ...(['account', 'label', 'invitation', 'member', 'role', 'team', 'api_key'] as const),
  ...(['tenant', 'contact', 'user'] as const),
] as const;

/** Fields that changed, by name. Never a secret, nor anything of a contact but its id. */
const Fields = z.record(z.string(), z.unknown());

export const AuditEntry = z
  .object({
    /** Counts from 1 without a gap. */
    seq: z.int().positive(),
    at: At,
    actor: z.object({
      kind: z.enum(actorKinds),
      /** The member's or the key's; of a super-admin the user's. */
      id: Id.nullable(),
      name: z.string().nullable(),
      /** As whom a super-admin acted. */
      asMemberId: Id.nullable(),
    }),
    action: AuditAction,
    target: z.object({ kind: z.enum(auditTargets), id: Id }).nullable(),
    before: Fields.nullable(),
    after: Fields.nullable(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    correlationId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditFilter = z.object({
  action: AuditAction.optional(),
  actor: Id.optional(),
  target: Id.optional(),
  from: At.optional(),
  /** Exclusive. */
  until: At.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const listAudit = route('GET', '/audit', {
  summary: 'Who changed what of the tenant’s set-up, newest first.',
  access: 'audit.read',
  reach: 'filter',
  query: PageQuery.extend(AuditFilter.shape),
  response: page(AuditEntry),
});

export const exportAudit = route('GET', '/audit/export', {
  summary: 'The same, oldest first and whole, one JSON object a line. The export is itself in the log.',
  access: 'audit.read',
  reach: 'caller',
  query: AuditFilter,
  response: AuditEntry,
  lines: true,
});

export const listInstallAudit = route('GET', '/admin/audit', {
  summary: 'What was changed of the install itself, newest first: tenants, super-admins, impersonation, replays.',
  access: 'platform.read',
  reach: 'install',
  query: PageQuery.extend(AuditFilter.shape),
  response: page(AuditEntry),
});
