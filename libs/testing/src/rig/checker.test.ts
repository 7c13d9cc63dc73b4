import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine, judge } from './checker';
import { startFleet, type Fleet } from './fleet';
import type { Launcher } from './launcher';
import { startLoad, type Load } from './load';
import { startWatchers, type Watchers } from './watchers';

let launcher: Launcher & { close(): Promise<void> };
let fleet: Fleet;
let run: { fleet: Fleet; load: Load; watchers: Watchers; marks: { injectedAt: number; clearedAt: number } };

beforeAll(async () => {
  const tools = pathToFileURL(path.resolve(import.meta.dirname, '../../../../tools/rig.mjs')).href;
  launcher = ((await import(tools)) as { newLauncher(): typeof launcher }).newLauncher();
  fleet = await startFleet(launcher, { apis: 1, workers: 1, tenants: 2, accounts: 4 });
  const watchers = await startWatchers(fleet, { perTenant: 2 });
  const load = startLoad(fleet, { perSecond: 20, seconds: 6, chats: 10, duplicates: 0.2, timeouts: 0.1, sends: 4 });
  run = { fleet, load, watchers, marks: { injectedAt: load.startedAt + 2_000, clearedAt: load.startedAt + 4_000 } };
});
afterAll(async () => {
  await fleet?.close();
  await launcher?.close();
});

// The figures of a run in which nothing went wrong, and after each thing that is done to its database behind its back.
it('joins what providers, database and clients saw, and names what is wrong with it', async () => {
  const well = await judge(run);
  expect(well).toMatchObject({
    sent: 120,
    acked: 120,
    refused: 0,
    persistedOnce: 120,
    lost: 0,
    duplicates: 0,
    orderViolations: 0,
    intentsLost: 0,
    callsPerIntent: 1,
    doubleArrivals: 0,
    sentOutOfOrder: 0,
    sse: { duplicated: 0, gaps: 0, missing: 0 },
  });
  const late = [...fleet.journal.hooks.values()].filter(({ attempts }) => attempts[0]?.late === 200);
  expect(late.length).toBeGreaterThan(0);
  expect(well.intents).toBeGreaterThan(4);
  expect(well.sse.expected).toBeGreaterThan(2 * well.sent);
  const { sql } = fleet;
  const after = async (change: Promise<unknown>) => (await change, examine(run));

  const [one] = await sql<{ id: string; text: string }[]>`
    select id, content->>'text' as text from messages where direction = 'inbound' order by position limit 1`;
  const ofOne = sql`id = ${one?.id ?? ''}`;
  const newText = (text: string) =>
    sql`update messages set content = jsonb_set(content, '{text}', to_jsonb(${text}::text)) where ${ofOne}`;
  expect(await after(newText('somebody else wrote this'))).toMatchObject({
    lost: 1,
    persistedOnce: 119,
    duplicates: 0,
  });
  const other = run.load.written.find(({ chat, text }) => chat === chatOf(one?.text) && text !== one?.text);
  expect(await after(newText(other?.text ?? ''))).toMatchObject({ lost: 1, duplicates: 1 });
  await newText(one?.text ?? '');
  expect(await after(sql`update messages set position = position + 60 * 1000000 where ${ofOne}`)).toMatchObject({ orderViolations: expect.toSatisfy((n: number) => n > 0) }); // prettier-ignore
  await sql`update messages set position = position - 60 * 1000000 where ${ofOne}`;
  expect(await examine(run)).toEqual(well);

  const { sse } = well;
  expect(
    (await after(sql`update events set type = 'message.updated' where data like ${`%${one?.id ?? ''}%`}`)).sse.missing,
  ).toBe(2);
  run.watchers.clients[0]?.frames.splice(3, 1);
  expect((await examine(run)).sse).toMatchObject({ missing: 3, gaps: sse.gaps + 1 });
  await sql`update messages set delivery = 2 where direction = 'outbound'`;
  expect((await examine(run)).unknownThatArrived).toBe(well.intents);
});

const chatOf = (text = '') => Number(/^in \d+ (\d+)\./.exec(text)?.[1]);
