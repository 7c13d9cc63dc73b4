import type { Action } from '@parley/contracts/can';
import type { Delivery, Message } from '@parley/contracts/messages';
import type { Permission } from '@parley/contracts/permissions';
import { grantOfKey, isWithin, seesWhole, type Giver, type Grant } from './grant';

// The one place that says what somebody may do with an object that they see. Guards and services refuse the rest.

export type Who = Giver & { memberId: string | null };

const allowed = <A>(permissions: ReadonlySet<Permission>, rules: [Permission, A[]][]): A[] =>
  rules.flatMap(([permission, actions]) => (permissions.has(permission) ? actions : []));

export function canConversation({ permissions, memberId }: Omit<Who, 'sight'>): Action<'conversation'>[] {
  const marks: Action<'conversation'>[] = memberId === null ? [] : ['read'];
  return allowed(permissions, [
    ['inbox.write', ['reply', 'label', 'status']],
    ['inbox.assign', ['assign']],
    ['inbox.read', marks],
    ['contact.write', ['rename']],
  ]);
}

/** What `inbox.write` lets one do with a message; who has it not is shown `readOnly`. */
export function canMessage(
  { direction, content }: Pick<Message, 'direction' | 'content'>,
  { deleted }: { deleted: boolean },
): Action<'message'>[] {
  const said = direction === 'inbound' || direction === 'outbound';
  if (!said || deleted) return [];
  const lacksFile = content.type === 'media' && content.file?.state === 'failed';
  return lacksFile ? ['reply', 'react', 'fetch'] : ['reply', 'react'];
}

/** A message, or an event that carries one or its delivery, as it is shown to who may not write: it offers nothing. */
export function readOnly<T extends object>(shown: T): T {
  const { message, delivery, can } = shown as { message?: Message; delivery?: Delivery | null; can?: unknown };
  return {
    ...shown,
    ...(message && { message: readOnly(message) }),
    ...(delivery && { delivery: { ...delivery, canRetry: false, canCheck: false } }),
    ...(can ? { can: [] } : {}),
  };
}

/** Erasing takes everybody's conversations with them, and is for who runs the tenant. */
export function canContact(who: Giver): Action<'contact'>[] {
  return allowed(who.permissions, [
    ['contact.write', ['rename']],
    ['settings.manage', seesWhole(who) ? ['erase'] : []],
  ]);
}

export function canLabel({ permissions }: Pick<Who, 'permissions'>): Action<'label'>[] {
  return allowed(permissions, [['label.manage', ['change']]]);
}

export function canAccount(
  { permissions }: Pick<Who, 'permissions'>,
  { state }: { state: string },
): Action<'account'>[] {
  const alive: Action<'account'>[] = state === 'deleted' ? [] : ['change', 'delete'];
  return allowed(permissions, [['account.manage', ['open', ...alive]]]);
}

/** Of oneself a colleague decides; and nobody touches who may more than they. */
export function canMember(
  who: Who,
  member: { id: string; active: boolean; grant: Grant; accountIds: readonly string[] | null },
): Action<'member'>[] {
  if (!isWithin(who, member.grant, member.accountIds)) return [];
  const others: Action<'member'>[] = member.active ? ['deactivate'] : ['reactivate'];
  return allowed(who.permissions, [
    ['member.manage', ['change', ...(member.id === who.memberId ? [] : others), 'sign_out']],
  ]);
}

export function canInvitation(
  who: Who,
  { state, grant, accountIds }: { state: string; grant: Grant; accountIds: readonly string[] | null },
): Action<'invitation'>[] {
  if (!isWithin(who, grant, accountIds)) return [];
  return allowed(who.permissions, [['member.manage', canInstallInvitation({ state })]]);
}

/** Of one to run the install: whoever reads it may. */
export function canInstallInvitation({ state }: { state: string }): Action<'invitation'>[] {
  return state === 'open' || state === 'expired' ? ['resend', 'revoke'] : [];
}

export function canRole(who: Who, role: { builtIn: boolean; grant: Grant }): Action<'role'>[] {
  if (role.builtIn || !isWithin(who, role.grant, null)) return [];
  return allowed(who.permissions, [['member.manage', ['change', 'delete']]]);
}

/** Who is of a team sees what it has. */
export function canTeam(who: Giver): Action<'team'>[] {
  return allowed(who.permissions, [['settings.manage', seesWhole(who) ? ['change', 'delete'] : []]]);
}

export function canApiKey(
  who: Who,
  key: { state: string; permissions: readonly Permission[]; accountIds: readonly string[] | null },
): Action<'api_key'>[] {
  if (key.state === 'revoked' || !isWithin(who, grantOfKey(key.permissions), key.accountIds)) return [];
  const rotate: Action<'api_key'>[] = key.state === 'active' ? ['rotate'] : [];
  return allowed(who.permissions, [['api_key.manage', [...rotate, 'revoke']]]);
}
