import * as accounts from '@parley/contracts/accounts';
import * as content from '@parley/contracts/content';
import * as conversations from '@parley/contracts/conversations';
import { MAX_LOGO_BYTES } from '@parley/contracts/logo';
import * as primitives from '@parley/contracts/primitives';
import { FILE_PART } from '@parley/contracts/route';
import { routes as contract } from '@parley/contracts/routes';
import { expect, it } from 'vitest';
import { aConversation } from './realtime/test/factories';
import * as values from './contract-values';
import { entryRoutes } from '@/features/entry/routes';
import { adminRoutes } from '@/features/admin/routes';
import { teamRoutes } from '@/features/team/routes';
import { routes } from './routes';

it.each(Object.entries({ ...routes, ...entryRoutes, ...teamRoutes, ...adminRoutes }))(
  '%s is called where the contract has it',
  (name, { method, path }) => {
    const declared = contract[name as keyof typeof contract];
    expect({ method, path }).toEqual({ method: declared.method, path: declared.path });
  },
);

it('holds the values that the contract holds', () => {
  expect(values).toMatchObject({
    MAX_TEXT: content.MAX_TEXT,
    MAX_LOGO_BYTES,
    FILE_PART,
    conversationStatuses: conversations.conversationStatuses,
    channels: accounts.channels,
    hues: primitives.hues,
  });
});

it('counts what is unread as the contract does', () => {
  for (const change of [
    { received: 5, answered: 3 },
    { received: 5, answered: 3, me: { seen: 5, can: [] } },
    { received: 5, me: { seen: 9, can: [] } },
  ]) {
    const conversation = aConversation(0, change);
    expect(values.unreadOf(conversation)).toBe(conversations.unreadOf(conversation));
  }
});
