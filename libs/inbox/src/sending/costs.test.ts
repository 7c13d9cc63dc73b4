import { startSending, type SendingWorld } from '@parley/testing/sending';
import { tapPostgres, tapRedis, type StatementTap } from '@parley/testing/statement-tap';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SenderService } from './sender.service';

// What sends cost the worker does not depend on the machine: it is counted, and may not grow unseen.

const ACCOUNTS = 4;
const CHATS = 5;
let world: SendingWorld;
let postgres: StatementTap;
let redis: StatementTap;
let sender: SenderService;
beforeAll(async () => {
  world = await startSending();
  const { DATABASE_URL, REDIS_URL } = world.app.env;
  [postgres, redis] = [await tapPostgres(DATABASE_URL), await tapRedis(REDIS_URL)];
  sender = world.newSender({ databaseUrl: postgres.url, redisUrl: redis.url });
});
afterAll(async () => {
  await world?.close();
  await Promise.all([postgres?.close(), redis?.close()]);
});

/** Of each transaction: its statements. */
function transactions(): string[][] {
  const all: string[][] = [];
  const open = new Map<number, string[]>();
  for (const { line, text } of postgres.take()) {
    if (text === 'begin') open.set(line, []);
    if (text !== 'discard plans') open.get(line)?.push(text); // ever more seldom, beside them
    if (text === 'commit') all.push(open.get(line) ?? []);
  }
  return all;
}

it('looks at all accounts in one transaction, claims together, asks for the pace of each once, and looks no more', async () => {
  const desks = await Promise.all(Array.from({ length: ACCOUNTS }, () => world.newDesk()));
  const round = async () => {
    for (const desk of desks) for (let i = 0; i < CHATS; i++) await desk.write(await desk.newChat(), 'hello');
    [postgres, redis].map((tap) => tap.take());
    for (const { account } of desks) sender.ring(account.id);
    await sender.settled();
  };
  await round(); // who they belong to, and what they look like, is known now
  await round();
  const all = transactions();
  const looks = all.filter((texts) =>
    texts.some((text) => text.includes('unnest($1::uuid[], $2::int[], $3::boolean[]) u(i, n, f)')),
  );
  const claims = all.filter((texts) => texts.some((text) => text.includes('insert into attempts')));
  expect(looks.map((texts) => texts.length)).toEqual([5]);
  expect(claims.length).toBeLessThanOrEqual(2); // while the first runs, the others' pace is known
  expect(new Set(claims.map((texts) => texts.length))).toEqual(new Set([4]));
  expect(redis.take().filter(({ text }) => text.startsWith('eval'))).toHaveLength(ACCOUNTS);
});
