import { z } from 'zod';
import { route } from './route';

/** What a tenant takes along, in this order: what is referred to comes first. */
export const exportedTypes = [
  'tenant',
  'role',
  'team',
  'member',
  'account',
  'label',
  'contact',
  'identity',
  'conversation',
  'conversation_label',
  'participant',
  'chat',
  'message',
  'file',
  'message_edit',
  'reaction',
] as const;

/** One thing with the fields that are kept of it; no secrets. */
export const Exported = z.looseObject({ type: z.enum(exportedTypes) }).meta({ id: 'Exported' });
export type Exported = z.infer<typeof Exported>;

export const exportData = route('GET', '/export', {
  summary:
    'What a tenant takes along: its people with their roles and teams, accounts, contacts and conversations with all that was said, and which files came with it, without secrets, settings and logs; one JSON object a line. What is written meanwhile may be in it or not. Only for who reads and sees all of it.',
  access: 'settings.manage',
  reach: 'whole',
  response: Exported,
  lines: true,
});
