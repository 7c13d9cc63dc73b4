import { z } from 'zod';
import { mine } from './can';
import { AccountIds } from './members';
import { permissions } from './permission-names';
import { Permission } from './permissions';
import { At, Id, IdParams, page, PageQuery, text } from './primitives';
import { route } from './route';

/** A program's way in, without the key itself. */
export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    /** What the key begins with. */
    prefix: z.string(),
    permissions: z.array(Permission),
    /** Null: everything of the tenant. */
    accountIds: z.array(Id).nullable(),
    state: z.enum(['active', 'expired', 'revoked']),
    expiresAt: At.nullable(),
    /** To a minute. */
    lastUsedAt: At.nullable(),
    /** Until then the key before the last rotation works too. */
    oldUntil: At.nullable(),
    createdAt: At,
    me: mine('api_key'),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

const Made = z.object({
  apiKey: ApiKey,
  /** The key itself, for `Authorization: Bearer …`. Shown this once. */
  key: z.string(),
});
const Name = text().trim().min(1).max(80);

export const listApiKeys = route('GET', '/api-keys', {
  summary: 'Keys of programs, newest first.',
  access: 'api_key.manage',
  reach: 'caller',
  query: PageQuery,
  response: page(ApiKey),
});

export const createApiKey = route('POST', '/api-keys', {
  summary:
    'Makes a key. It may what its permissions say, on what goes through its accounts, and never more than who makes it.',
  access: 'api_key.manage',
  reach: 'tenant',
  body: z.object({
    name: Name,
    permissions: z.array(Permission).min(1).max(permissions.length),
    accountIds: AccountIds.default(null),
    expiresAt: At.nullable().default(null),
  }),
  response: Made,
  status: 201,
  once: true,
  refuses: ['not_found'],
});

export const rotateApiKey = route('POST', '/api-keys/:id/rotate', {
  summary: 'Gives it a new secret. The one before works on for `graceHours`, so that nothing stands still meanwhile.',
  access: 'api_key.manage',
  reach: 'tenant',
  params: IdParams,
  body: z.object({ graceHours: z.int().min(0).max(168).default(24) }),
  response: Made,
  once: true,
  refuses: ['conflict'],
});

export const revokeApiKey = route('DELETE', '/api-keys/:id', {
  summary: 'Ends it, and its streams, within a second.',
  access: 'api_key.manage',
  reach: 'tenant',
  params: IdParams,
});
