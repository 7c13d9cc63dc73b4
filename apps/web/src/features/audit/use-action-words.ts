'use client';

import type { AuditAction } from '@parley/contracts/audit';
import { useTranslations } from 'next-intl';

/** Every change that the log knows; a test holds the list against the contract. */
export const auditActions = [
  'account.created',
  'account.updated',
  'account.deleted',
  'label.created',
  'label.updated',
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'invitation.accepted',
  'member.updated',
  'member.deactivated',
  'member.reactivated',
  'member.signed_out',
  'login.password_changed',
  'login.password_reset',
  'login.two_factor_enabled',
  'login.two_factor_disabled',
  'role.created',
  'role.updated',
  'role.deleted',
  'api_key.created',
  'api_key.rotated',
  'api_key.revoked',
  'settings.updated',
  'tenant.created',
  'tenant.updated',
  'tenant.suspended',
  'tenant.restored',
  'tenant.deletion_planned',
  'tenant.removal_begun',
  'tenant.deleted',
  'webhooks.replayed',
  'impersonation.begun',
  'impersonation.ended',
  'super_admin.created',
  'contact.renamed',
  'contact.erasure_begun',
  'contact.erased',
  'data.exported',
  'audit.exported',
  'audit.begun',
  'audit.broken',
] as const satisfies readonly AuditAction[];

type Dashed<Text extends string> = Text extends `${infer Noun}.${infer Verb}` ? `${Noun}-${Verb}` : Text;

/** What was done, in words. */
export function useActionWords(): (action: AuditAction) => string {
  const words = useTranslations('audit.action');
  return (action) => words(action.replace('.', '-') as Dashed<AuditAction>); // a dot would lead deeper into the words
}
