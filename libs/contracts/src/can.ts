import { z } from 'zod';

/** What a person may do, by the kind of object that says so. The server decides each; no screen works it out by itself. */
export const actions = {
  conversation: ['reply', 'assign', 'label', 'status', 'read', 'rename'],
  message: ['reply', 'react', 'fetch'],
  contact: ['rename', 'erase'],
  label: ['change'],
  account: ['open', 'change', 'delete'],
  member: ['change', 'deactivate', 'reactivate', 'sign_out'],
  invitation: ['resend', 'revoke'],
  role: ['change', 'delete'],
  team: ['change', 'delete'],
  api_key: ['rotate', 'revoke'],
} as const;
export type Kind = keyof typeof actions;
export type Action<K extends Kind> = (typeof actions)[K][number];

/** The part of an object that differs by who is asking. */
export function mine<K extends Kind>(kind: K) {
  return z.object({ can: z.array(z.enum(actions[kind] as readonly [Action<K>, ...Action<K>[]])) });
}
