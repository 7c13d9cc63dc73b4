import { randomUUID } from 'node:crypto';
import { exportData, exportedTypes, type Exported } from '@parley/contracts/export';
import { listAudit } from '@parley/contracts/audit';
import { startApp, type TestApp } from '@parley/testing/app';
import { furnishConversation, insertLabel, insertTeam } from '@parley/testing/house';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveApi } from '../create-app';

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ api: serveApi });
});
afterAll(() => app?.close());

it('gives a tenant everything of theirs, once each, without secrets and without anybody else’s', async () => {
  const { tenant, owner } = await app.newTenant({ name: 'Mine' });
  const agent = await tenant.newMember('agent');
  const { id: accountId } = await tenant.newAccount('cloud-api', { accessToken: 'a-secret-token' });
  const things = await furnishConversation(app.sql, tenant, { accountId, memberId: agent.id, name: 'Mine' });
  const labelId = await insertLabel(app.sql, tenant.id, 'Mine');
  await app.sql`insert into conversation_labels values (${tenant.id}, ${things.conversationId}, ${labelId})`;
  await app.sql`insert into message_edits values (${tenant.id}, ${things.messageId}, now(), '{"type":"text","text":"before"}')`;
  await app.sql`insert into reactions values (${tenant.id}, ${things.messageId}, 'us', null, 'x', now())`;
  await app.sql`insert into participants values (${tenant.id}, ${things.conversationId}, 'phone:1', 'P', false, null)`;
  const [teamId, roleId] = [await insertTeam(app.sql, tenant.id, 'Mine'), randomUUID()];
  await app.sql`insert into roles (tenant_id, id, name, name_key, permissions, sees_all)
    values (${tenant.id}, ${roleId}, 'Night shift', 'night shift', ${['inbox.read']}, false)`;
  await app.sql`update members set role = null, role_id = ${roleId}, team_ids = ${[teamId]} where id = ${agent.id}`;
  const many = await tenant.newConversation({ accountId });
  await app.sql`insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, position)
    select ${tenant.id}, gen_random_uuid(), ${many.id}, ${many.chatId}, 'inbound', '{"type":"text","text":"one of many"}', n
    from generate_series(1, 1200) n`;
  await app.sql`insert into attachments (tenant_id, id, kind, state, file_name, due_at, expires_at)
    values (${tenant.id}, ${randomUUID()}, 'document', 'uploaded', 'A draft', now(), now())`;
  await app.sql`update tenants set logo = 'data:image/webp;base64,MINE' where id = ${tenant.id}`;
  const other = await app.newTenant({ name: 'Theirs' });
  await other.tenant.newConversation({ name: 'Theirs' });

  const response = await app.as(owner).fetch(`/api${exportData.path}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const text = await response.text();
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Exported);
  const types = new Map(exportedTypes.map((type) => [type, lines.filter((line) => line.type === type)] as const));
  expect(exportedTypes.filter((type) => !types.get(type)?.length)).toEqual([]);
  expect(types.get('message')).toHaveLength(1203);
  expect(new Set(types.get('message')?.map(({ id }) => id)).size).toBe(1203);
  expect(types.get('tenant')).toMatchObject([{ id: tenant.id, name: 'Mine', logo: 'data:image/webp;base64,MINE' }]);
  expect(types.get('role')).toEqual([
    expect.objectContaining({ id: roleId, name: 'Night shift', permissions: ['inbox.read'], seesAll: false }),
  ]);
  expect(types.get('member')).toContainEqual(
    expect.objectContaining({ id: agent.id, role: null, roleId, teamIds: [teamId] }),
  );
  expect(text).not.toMatch(/Theirs|A draft|a-secret-token|credentials/i);
  expect((await app.as(owner).call(listAudit)).body.items[0]).toMatchObject({ action: 'data.exported' });
});
