import { randomUUID } from 'node:crypto';
import { listAudit } from '@parley/contracts/audit';
import { eraseContact, updateContact } from '@parley/contracts/contacts';
import { getConversation, listConversations } from '@parley/contracts/conversations';
import { startApp, type TestApp } from '@parley/testing/app';
import { furnishConversation } from '@parley/testing/house';
import { residueOf } from '@parley/testing/residue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('is erased so that nothing of them remains in any table, and everybody else is whole', async () => {
  const { tenant, owner } = await app.newTenant();
  const [agent, { id: accountId }] = [await tenant.newMember('agent'), await tenant.newAccount()];
  const [gone, other] = [
    await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name: 'PLANT' }),
    await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name: 'KEPT' }),
  ];
  const phone = await addressOf(gone.contactId);
  const digits = phone.slice(1);
  const key = { 'idempotency-key': randomUUID() };
  const params = { id: gone.contactId };
  await app.as(owner).call(updateContact, { params, body: { name: 'PLANT-named' } }, key);
  await app.as(owner).call(updateContact, { params: { id: other.contactId }, body: { name: 'KEPT-named' } });
  const id = tenant.id;
  await app.sql`insert into message_edits values (${id}, ${gone.messageId}, now(), '{"type":"text","text":"PLANT-edit"}')`;
  await app.sql`insert into reactions values (${id}, ${gone.messageId}, ${gone.contactId}, 'PLANT-reaction', 'x', now())`;
  await app.sql`insert into reactions values (${id}, ${other.messageId}, ${gone.contactId}, 'PLANT-elsewhere', 'x', now())`;
  await app.sql`insert into reads values (${id}, ${agent.id}, ${gone.conversationId}, 1)`;
  const group = await tenant.newConversation({ accountId, name: 'KEPT-group' });
  await app.sql`update conversations set kind = 'group' where id = ${group.id}`;
  await app.sql`insert into participants values (${id}, ${group.id}, ${`phone:${phone}`}, 'PLANT-participant', false, null)`;
  const said = await tenant.newMessage(group, { text: 'PLANT-in-a-group' });
  await app.sql`update messages set sender_contact_id = ${gone.contactId}, sender_name = 'PLANT-sender' where id = ${said.id}`;
  const quoting = await tenant.newMessage(group, { text: 'KEPT-answer' });
  await app.sql`update messages set quote = ${app.sql.json({ messageId: said.id, externalId: 'x', author: 'PLANT-author', text: 'PLANT-quote' })}
    where id = ${quoting.id}`;
  const webhook = async (words: string) => {
    const body = Buffer.from(`{"remoteJid":"${words}@s.whatsapp.net","pushName":"of ${words}"}`);
    const one = randomUUID();
    await app.sql`insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
      values (${id}, now()::date, ${one}, ${accountId}, now(), 'c', ${body})`;
    await app.sql`insert into pending (tenant_id, received_on, key, account_id, lane, arrival, dead)
      values (${id}, now()::date, ${one}, ${accountId}, 1, 1, 'unreadable')`;
  };
  await webhook(digits);
  await webhook('12025550000');
  const words = ['PLANT', digits, phone, gone.conversationId, gone.chatId, gone.messageId];
  expect((await residueOf(app.sql, words)).length).toBeGreaterThan(15);
  const before = await app.sql`select max(seq) seq, count(*) n from events where tenant_id = ${id}`;

  const { status, body } = await app.as(owner).call(eraseContact, { params });
  expect([status, body]).toEqual([200, { conversations: 1, messages: 4, webhooks: 1 }]);

  // Streams are told by its id that the conversation is gone; nothing else of it stands there.
  const left = await residueOf(app.sql, words);
  expect(left.filter((one) => one !== `${gone.conversationId} in public.events`)).toEqual([]);
  expect(await residueOf(app.sql, ['KEPT-named', 'KEPT words', 'KEPT-answer', '12025550000'])).not.toEqual([]);
  const after = await app.sql`select max(seq) seq, count(*) n from events where tenant_id = ${id}`;
  expect(Number(after[0]?.n) - Number(before[0]?.n)).toBe(1); // numbered without a gap, as before
  expect(await tenant.events()).toContainEqual(
    expect.objectContaining({ type: 'conversation.removed', conversationId: gone.conversationId }),
  );
  const caller = app.as(owner);
  expect((await caller.call(getConversation, { params: { id: gone.conversationId } })).status).toBe(404);
  const list = (await caller.call(listConversations)).body.items.map((one) => one.id);
  expect(list.sort()).toEqual([other.conversationId, group.id].sort());
  expect((await caller.call(eraseContact, { params })).status).toBe(404);
  const [entry] = (await caller.call(listAudit)).body.items;
  expect(entry).toMatchObject({ action: 'contact.erased', target: { kind: 'contact', id: gone.contactId } });
});

async function addressOf(contactId: string): Promise<string> {
  const [row] = await app.sql<{ address: string }[]>`select address from identities where contact_id = ${contactId}`;
  return row?.address ?? '';
}
