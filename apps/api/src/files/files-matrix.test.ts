import { randomUUID } from 'node:crypto';
import { listAccounts, providers, type Capabilities, type ProviderName } from '@parley/contracts/accounts';
import { sendMessage } from '@parley/contracts/messages';
import { asSent } from '@parley/contracts/outbound-files';
import { startApp, type TestApp } from '@parley/testing/app';
import type { TestMember, TestTenant } from '@parley/testing/tenant';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApi } from '../create-app';

type Cell = Capabilities['files'][number]['kind'] | 'no';

const MB = 2 ** 20;
const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** A type as its sender has it, what its first bytes tell, its size in MB, its words; then as what each provider takes it. */
const files: [string, string | null, number, string | null, Record<ProviderName, Cell>][] = [
  ['image/jpeg', 'image/jpeg', 1, null, cells('image', 'image', 'image', 'image')],
  ['image/jpg', 'image/jpeg', 1, 'words', cells('image', 'image', 'image', 'image')],
  ['image/jpeg', 'image/jpeg', 10, null, cells('image', 'no', 'image', 'image')],
  ['image/jpeg', 'image/jpeg', 30, 'words', cells('document', 'no', 'image', 'image')],
  ['image/gif', 'image/gif', 1, null, cells('document', 'no', 'image', 'image')],
  ['video/mp4', 'video/mp4', 10, 'words', cells('video', 'video', 'video', 'video')],
  ['video/mp4', 'video/mp4', 50, null, cells('document', 'no', 'video', 'video')],
  ['video/quicktime', 'video/quicktime', 10, null, cells('document', 'no', 'video', 'video')],
  ['audio/mpeg', 'audio/mpeg', 5, null, cells('audio', 'audio', 'audio', 'audio')],
  ['audio/x-m4a', 'video/mp4', 5, null, cells('audio', 'audio', 'audio', 'audio')],
  ['audio/mpeg', 'audio/mpeg', 5, 'words', cells('no', 'no', 'no', 'audio')],
  ['application/pdf', 'application/pdf', 1, null, cells('document', 'document', 'document', 'document')],
  ['application/pdf', 'application/pdf', 1, 'words', cells('document', 'document', 'no', 'document')],
  ['application/pdf', 'application/pdf', 80, null, cells('no', 'document', 'document', 'document')],
  ['application/pdf', 'application/pdf', 200, null, cells('no', 'no', 'no', 'document')],
  ['application/pdf', 'application/pdf', 300, null, cells('no', 'no', 'no', 'no')],
  [word, 'application/zip', 1, null, cells('document', 'document', 'document', 'document')],
  ['application/zip', 'application/zip', 1, null, cells('document', 'no', 'document', 'document')],
  ['text/html', null, 1, null, cells('document', 'no', 'document', 'document')],
];

function cells(evolution: Cell, cloudApi: Cell, greenApi: Cell, slack: Cell): Record<ProviderName, Cell> {
  return { evolution, 'cloud-api': cloudApi, 'green-api': greenApi, slack };
}

let app: TestApp;
let tenant: TestTenant;
let owner: TestMember;
const table: Record<string, Partial<Record<ProviderName, Cell>>> = {};

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  ({ tenant, owner } = await app.newTenant());
});
afterAll(async () => {
  await app?.close();
  console.table(table);
});

// The composer asks `asSent` with what the account shows it, and says what it answers; the server must do the same.
test.each(providers)('%s is offered the files that it takes, and refused others in the same words', async (name) => {
  const account = await tenant.newAccount(name);
  const { id: conversationId } = await tenant.newConversation({ accountId: account.id, assigneeId: owner.id });
  const { body: shown } = await app.as(owner).call(listAccounts);
  const rules = shown.items.find(({ id }) => id === account.id)?.capabilities.files ?? [];
  for (const [mimeType, found, megabytes, caption, expected] of files) {
    const file = { mimeType, sizeBytes: megabytes * MB, caption };
    const offered = asSent(rules, file);
    const fileId = await insertUploaded({ ...file, found });
    const content = { type: 'media' as const, fileId, caption, width: null, height: null };
    const messageId = randomUUID();
    const { status, body } = await app.as(owner).call(sendMessage, { body: { messageId, conversationId, content } });
    const row = `${mimeType} ${megabytes} MB${caption === null ? '' : ' with words'}`;
    const cell = 'kind' in offered ? offered.kind : 'no';
    table[row] = { ...table[row], [name]: cell };
    expect([row, cell]).toEqual([row, expected[name]]);
    const answer = status === 202 ? { kind: await kindOf(messageId) } : { refusal: body.detail };
    expect([row, answer]).toEqual([row, offered]);
  }
});

/** Whole, as far as its row says: its bytes are not asked for before it leaves. */
async function insertUploaded(file: { mimeType: string; found: string | null; sizeBytes: number }): Promise<string> {
  const id = randomUUID();
  await app.sql`insert into attachments ${app.sql({
    tenant_id: tenant.id,
    id,
    kind: 'document',
    state: 'uploaded',
    file_name: 'a',
    declared_type: file.mimeType,
    mime_type: file.found,
    size_bytes: file.sizeBytes,
    received_bytes: file.sizeBytes,
    due_at: new Date(),
    expires_at: new Date(Date.now() + 3_600_000),
  })}`;
  return id;
}

async function kindOf(messageId: string): Promise<unknown> {
  const [row] = await app.sql<{ kind: string }[]>`select content ->> 'kind' kind from messages where id = ${messageId}`;
  return row?.kind;
}
