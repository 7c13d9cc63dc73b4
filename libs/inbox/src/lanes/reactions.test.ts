import { SteadyPool, steadyPool } from '@parley/platform/steady-pool';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyReactions, type Reaction } from './changes';

// A channel that knows several of one person tells which was taken back: what it gave instead may be told before or after.

let app: TestApp;
let worker: SteadyPool;
beforeAll(async () => {
  app = await startApp({});
  worker = steadyPool(app.env.DATABASE_URL, 'parley_worker', { max: 1 });
});
afterAll(async () => {
  await worker?.close();
  await app?.close();
});

const given = { emoji: '👍', atMs: 1_000 };
const instead = { emoji: '❤️', atMs: 2_000 };
const takenBack = { emoji: null, was: '👍', atMs: 3_000 };

it.each([
  [given, instead, takenBack],
  [given, takenBack, instead],
  [instead, given, takenBack],
  [instead, takenBack, given],
  [takenBack, given, instead],
  [takenBack, instead, given],
])('what was given instead stands, in any order: %o, %o, %o', async (...order) => {
  const { tenant } = await app.newTenant();
  const conversation = await tenant.newConversation();
  for (const batches of [order.map((one) => [one]), [order], [order.slice(0, 1), order.slice(1)]]) {
    const { id: messageId } = await tenant.newMessage(conversation, { text: 'Look' });
    const told = { tenantId: tenant.id, messageId, correlationId: '', actor: 'us', name: null };
    for (const batch of batches) await apply(batch.map((one): Reaction => ({ ...told, ...one })));
    expect(await app.sql`select emoji from reactions where message_id = ${messageId}`).toEqual([{ emoji: '❤️' }]);
  }
});

it('what was taken back stays so, however late it is told once more', async () => {
  const { tenant } = await app.newTenant();
  const { id: messageId } = await tenant.newMessage(await tenant.newConversation(), { text: 'Look' });
  const told = { tenantId: tenant.id, messageId, correlationId: '', actor: 'us', name: null };
  for (const one of [given, takenBack, given]) await apply([{ ...told, ...one }]);
  expect(await app.sql`select emoji from reactions where message_id = ${messageId}`).toEqual([{ emoji: null }]);
});

function apply(reactions: Reaction[]): Promise<unknown> {
  return worker.transaction(
    reactions.map(({ tenantId }) => tenantId),
    (sql) => applyReactions(sql, reactions),
  );
}
