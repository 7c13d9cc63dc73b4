import { listAudit } from '@parley/contracts/audit';
import { updateContact } from '@parley/contracts/contacts';
import { getConversation, listConversations } from '@parley/contracts/conversations';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('names a contact in every conversation of theirs, and tells each once', async () => {
  const { tenant, owner } = await app.newTenant();
  const [first, second] = [await tenant.newConversation({ name: 'Rita' }), await tenant.newConversation()];
  await app.sql`update conversations set contact_id = ${first.contactId} where id = ${second.id}`;
  const res = await app
    .as(owner)
    .call(updateContact, { params: { id: first.contactId }, body: { name: '  Rita Gómez ' } });
  const contact = { id: first.contactId, name: 'Rita Gómez', identities: [{ kind: 'phone', address: first.phone }] };
  expect(res).toMatchObject({ status: 200, body: contact });
  const events = await tenant.events();
  expect(events).toMatchObject(
    [first.id, second.id].sort().map((conversationId) => ({ type: 'contact.updated', conversationId, contact })),
  );
  const found = await app.as(owner).call(listConversations, { query: { q: 'gomez' } });
  expect(found.body.items.map(({ id, title }) => [id, title]).sort()).toEqual(
    [first, second].map(({ id }) => [id, 'Rita Gómez']).sort(),
  );
  expect((await app.as(owner).call(listConversations, { query: { q: first.phone.slice(3) } })).body.items).toHaveLength(
    2,
  );
  const [row] = await app.sql`select name, named_by from contacts where id = ${first.contactId}`;
  expect(row).toEqual({ name: 'Rita Gómez', named_by: 'member' });
  const { body: audit } = await app.as(owner).call(listAudit);
  const target = { kind: 'contact', id: first.contactId };
  expect(audit.items).toMatchObject([{ action: 'contact.renamed', target, before: null, after: null }]);
});

it('lets an agent name whom they see, and nobody else', async () => {
  const { tenant, owner } = await app.newTenant();
  const agent = await tenant.newMember('agent');
  const [mine, theirs] = [
    await tenant.newConversation({ assigneeId: agent.id }),
    await tenant.newConversation({ assigneeId: owner.id }),
  ];
  const rename = (id: string) => app.as(agent).call(updateContact, { params: { id }, body: { name: 'Zoe' } });
  expect((await rename(mine.contactId)).status).toBe(200);
  expect(await rename(theirs.contactId)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await app.as(owner).call(getConversation, { params: { id: theirs.id } })).body.title).toBe('Rita');
});

it('wants a name', async () => {
  const { tenant, owner } = await app.newTenant();
  const { contactId: id } = await tenant.newConversation();
  for (const name of ['', '   ', 'x'.repeat(121)]) {
    expect((await app.as(owner).call(updateContact, { params: { id }, body: { name } })).status).toBe(422);
  }
});
