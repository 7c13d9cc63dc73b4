import 'reflect-metadata';
import type { Account } from '@parley/contracts/accounts';
import { CLOCK } from '@parley/platform/clock';
import { PlatformModule } from '@parley/platform/platform.module';
import type { TestConversation } from '@parley/testing/conversation';
import { startSending, type Desk, type SendingWorld } from '@parley/testing/sending';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoubtsService } from './doubts.service';
import { UpkeepModule } from './upkeep.module';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

let world: SendingWorld;
let worker: INestApplicationContext;
let doubts: DoubtsService;
beforeAll(async () => {
  world = await startSending();
  const platform = PlatformModule.forRoot(world.app.env, { clock: world.app.clock });
  worker = await NestFactory.createApplicationContext({ module: UpkeepModule, imports: [platform] }, { logger: false });
  expect(worker.get(CLOCK)).toBe(world.app.clock);
  doubts = worker.get(DoubtsService);
});
afterAll(async () => {
  await worker?.close();
  await world?.close();
});

async function newDesk(provider: 'evolution' | 'cloud-api' = 'evolution'): Promise<Desk> {
  const desk = await world.newDesk({ provider });
  await world.app.sql`update accounts set state = 'connected', state_at = now() - interval '1 second'
    where id = ${desk.account.id}`;
  return desk;
}

/** Sends that the provider takes; answers how it calls the last. */
async function send(desk: Desk, chat: TestConversation, times = 1): Promise<string> {
  for (let n = 0; n < times; n++) {
    const id = await desk.write(chat, 'Anybody there?');
    await world.send(desk);
    expect((await world.stateOf(id)).status).toBe(3);
  }
  const [row] = await world.app.sql<{ external_id: string }[]>`
    select external_id from externals where account_id = ${desk.account.id} and attempt_id is not null order by seen_at desc limit 1`;
  return row?.external_id ?? '';
}

const confirm = (desk: Desk, chat: TestConversation, id: string) =>
  world.receive(desk, {
    event: 'messages.update',
    instance: desk.account.config.instance,
    data: { keyId: id, remoteJid: `${chat.phone.slice(1)}@s.whatsapp.net`, fromMe: true, status: 'SERVER_ACK' },
  });

/** Looks as if so much time had passed. It has not: what is sent is dated by Postgres. */
async function later(ms: number): Promise<void> {
  world.app.clock.advance(ms);
  await doubts.look();
  world.app.clock.advance(-ms);
}

async function doubtOf({ account }: Desk): Promise<string | null> {
  const [row] = await world.app.sql<{ doubt: string | null }[]>`select doubt from accounts where id = ${account.id}`;
  return row?.doubt ?? null;
}

/** What the tenant was told of the account's doubts, in order. */
async function told({ tenant }: Desk): Promise<(string | null)[]> {
  const events = await tenant.events();
  return events.flatMap((event) => (event.type === 'account.updated' ? [event.account.doubt?.kind ?? null] : []));
}

describe('an account that takes sends and confirms none', () => {
  it('is doubted within two minutes, told once, and believed again by what is confirmed late', async () => {
    const desk = await newDesk();
    const chat = await desk.newChat();
    const id = await send(desk, chat);
    await later(45_000);
    expect(await doubtOf(desk)).toBeNull();
    for (const ms of [75_000, 105_000, 135_000]) await later(ms);
    expect([await doubtOf(desk), await told(desk)]).toEqual(['unconfirmed', ['unconfirmed']]);
    await later(33 * MINUTE_MS); // nothing is sent, so nothing speaks against it
    expect(await doubtOf(desk)).toBe('unconfirmed');
    await confirm(desk, chat, id);
    await later(34 * MINUTE_MS);
    expect([await doubtOf(desk), await told(desk)]).toEqual([null, ['unconfirmed', null]]);
  });

  it('is not doubted for one that is lost among others that are confirmed', async () => {
    const desk = await newDesk();
    const chat = await desk.newChat();
    await confirm(desk, chat, await send(desk, chat));
    await send(desk, chat);
    await later(61_000);
    expect(await doubtOf(desk)).toBeNull();
    await send(desk, chat);
    await later(61_000);
    expect(await doubtOf(desk)).toBe('unconfirmed');
  });

  it('is not doubted for what it sent before it was connected anew, and says so no more once it is not connected', async () => {
    const desk = await newDesk();
    const chat = await desk.newChat();
    await send(desk, chat);
    await later(61_000);
    expect(await doubtOf(desk)).toBe('unconfirmed');
    await world.app.sql`update accounts set state = 'needs_qr' where id = ${desk.account.id}`;
    await later(91_000);
    expect(await doubtOf(desk)).toBeNull();
    await world.app.sql`update accounts set state = 'connected', state_at = now()
      where id = ${desk.account.id}`;
    await later(121_000);
    expect(await doubtOf(desk)).toBeNull();
  });
});

describe('an account that falls silent', () => {
  it('is doubted from what was heard last until something is heard', async () => {
    const desk = await newDesk();
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000; // silence is a matter of the database's clock
    const hear = (atMs: number, received: number) => world.app.sql`
      insert into account_hours (tenant_id, account_id, hour, received, last_at)
      values (${desk.tenant.id}, ${desk.account.id}, ${new Date(Math.floor(atMs / 3_600_000) * 3_600_000)}, ${received}, ${new Date(atMs)})`;
    await hear(hour - 3_600_000 - WEEK_MS, 40);
    await hear(hour - 2.5 * 3_600_000, 1);
    await doubts.look();
    const [shown] = await world.app.sql<{ doubt: string; doubt_at: Date }[]>`
      select doubt, doubt_at from accounts where id = ${desk.account.id}`;
    expect(shown).toEqual({ doubt: 'silent', doubt_at: new Date(hour - 2.5 * 3_600_000) });
    await doubts.look();
    await hear(hour, 1);
    await doubts.look();
    expect(await told(desk)).toEqual(['silent', null] satisfies (NonNullable<Account['doubt']>['kind'] | null)[]);
  });
});

it('is looked at by one worker at a time', async () => {
  const desk = await newDesk();
  await send(desk, await desk.newChat());
  world.app.clock.advance(61_000);
  await Promise.all([doubts.turn(), doubts.turn()]);
  world.app.clock.advance(-61_000);
  expect(await told(desk)).toEqual(['unconfirmed']);
});
