import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { createOutbox, type OutboxEntry, type OutboxPorts, type OutboxStorage, type SendOutcome } from './outbox';
import { isEntry } from './outbox-storage';
import { uuidV7 } from '@/lib/uuid-v7';

/** What one browser keeps, whatever becomes of its tabs. */
function disk() {
  const rows = new Map<string, string>();
  const tabs = new Map<OutboxStorage, () => void>();
  return {
    rows,
    tab(): OutboxStorage {
      const tell = () => [...tabs].filter(([tab]) => tab !== storage).forEach(([, changed]) => changed());
      const storage: OutboxStorage = {
        list: () => [...rows.values()].map((row) => JSON.parse(row) as OutboxEntry),
        put: (entry) => (rows.set(entry.messageId, JSON.stringify(entry)), tell()),
        remove: (id) => void (rows.delete(id) && tell()),
        subscribe: (changed) => (tabs.set(storage, changed), () => void tabs.delete(storage)),
      };
      return storage;
    },
  };
}

/** Runs the timers at once, and says when nothing is left to do. */
function clock() {
  let due: (() => void)[] = [];
  return {
    wait(_ms: number, done: () => void) {
      due.push(done);
      return () => void (due = due.filter((each) => each !== done));
    },
    async settle() {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve)); // all but the timers is done by then
        const next = due.shift();
        if (!next) return;
        next();
      }
    },
  };
}

/** A server that takes each id once, over a line that loses requests and answers as told. */
function server(line: ('ok' | 'lost' | 'answer lost' | 'refused')[]) {
  const took: OutboxEntry[] = [];
  let calls = 0;
  let running = 0;
  return {
    took,
    async send(entry: OutboxEntry): Promise<SendOutcome> {
      const fate = line[calls++] ?? 'ok';
      running += 1;
      expect(running).toBeLessThanOrEqual(9);
      await Promise.resolve();
      running -= 1;
      if (fate === 'lost') return { type: 'later', afterMs: 0 };
      if (fate === 'refused' && !took.some(({ messageId }) => messageId === entry.messageId))
        return { type: 'refused', reason: 'No.' };
      if (!took.some(({ messageId }) => messageId === entry.messageId)) took.push(entry);
      return fate === 'answer lost' ? { type: 'later', afterMs: 0 } : { type: 'accepted' };
    },
  };
}

function ports(change: Partial<OutboxPorts> & Pick<OutboxPorts, 'send'>): OutboxPorts {
  return {
    storage: disk().tab(),
    exclusively: (_name, work) => work(),
    wait: () => () => undefined,
    now: () => 1_000,
    ...change,
  };
}

function outgoing(conversationId: string, text: string) {
  return {
    messageId: uuidV7(),
    conversationId,
    replyTo: null,
    quote: null,
    content: { type: 'text' as const, text },
    shown: text,
  };
}

test('what is taken back while it leaves is stopped whichever tab sends it, and what comes after goes out', async () => {
  const [browser, time] = [disk(), clock()];
  const took: string[] = [];
  const send: OutboxPorts['send'] = (entry, takenBack) => {
    if (entry.shown === 'file')
      return new Promise((resolve) => takenBack.addEventListener('abort', () => resolve({ type: 'cancelled' })));
    took.push(entry.shown);
    return Promise.resolve({ type: 'accepted' });
  };
  const first = createOutbox(ports({ storage: browser.tab(), wait: time.wait, send }));
  const exclusively = () => new Promise<never>(() => undefined); // the first has the lock
  const second = createOutbox(ports({ storage: browser.tab(), wait: time.wait, send, exclusively }));
  const file = outgoing('a', 'file');
  first.add(file);
  first.add(outgoing('a', 'text'));
  await Promise.resolve();
  second.cancel(file.messageId);
  expect(second.entries().map(({ shown, state }) => [shown, state])).toEqual([
    ['file', 'cancelled'],
    ['text', 'waiting'],
  ]);
  await time.settle();
  expect(took).toEqual(['text']);
  for (const tab of [first, second])
    expect(tab.entries().map(({ shown, state }) => [shown, state])).toEqual([['text', 'accepted']]);
  expect(browser.rows.size).toBe(0);
});

const fates = fc.array(fc.constantFrom('ok' as const, 'lost' as const, 'answer lost' as const), { maxLength: 30 });

test('over a bad line, everything arrives once, and in order within each conversation', async () => {
  await fc.assert(
    fc.asyncProperty(
      fates,
      fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
      async (line, conversations) => {
        const time = clock();
        const far = server(line);
        const outbox = createOutbox(ports({ send: (entry) => far.send(entry), wait: time.wait }));
        conversations.forEach((conversation, index) => outbox.add(outgoing(conversation, String(index))));
        await time.settle();
        for (const each of ['a', 'b', 'c']) {
          const texts = far.took.filter(({ conversationId }) => conversationId === each).map(({ shown }) => shown);
          expect(texts).toEqual(
            conversations.flatMap((conversation, index) => (conversation === each ? [String(index)] : [])),
          );
        }
        expect(outbox.entries().every(({ state }) => state === 'accepted')).toBe(true);
      },
    ),
  );
});

test('a tab that closes anywhere loses nothing: the next one sends the rest, once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fates, fc.integer({ min: 0, max: 12 }), async (line, closedAfter) => {
      const [browser, far] = [disk(), server(line)];
      let sent = 0;
      const first = createOutbox(
        ports({
          storage: browser.tab(),
          send: async (entry) => {
            const outcome = await far.send(entry);
            // The tab is gone: whatever the answer was, nobody reads it.
            if (++sent > closedAfter) return new Promise<SendOutcome>(() => undefined);
            return outcome;
          },
          wait: clock().wait,
        }),
      );
      for (const text of ['1', '2', '3', '4']) first.add(outgoing('a', text));
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      first.stop();

      const time = clock();
      const second = createOutbox(ports({ storage: browser.tab(), send: (entry) => far.send(entry), wait: time.wait }));
      await time.settle();
      expect(far.took.map(({ shown }) => shown)).toEqual(['1', '2', '3', '4']);
      expect(browser.rows.size).toBe(0);
      second.stop();
    }),
  );
});

test('two tabs of one browser send each entry in order, and the server takes it once', async () => {
  const [browser, far, time] = [disk(), server([]), clock()];
  const tab = () => createOutbox(ports({ storage: browser.tab(), send: (entry) => far.send(entry), wait: time.wait }));
  const [one, two] = [tab(), tab()];
  for (let index = 0; index < 6; index += 1) (index % 2 ? one : two).add(outgoing('a', String(index)));
  await time.settle();
  expect(far.took.map(({ shown }) => shown)).toEqual(['0', '1', '2', '3', '4', '5']);
});

it('shows an entry before anything went over the line', () => {
  const outbox = createOutbox(ports({ send: () => new Promise(() => undefined) }));
  outbox.add(outgoing('a', 'Hello'));
  expect(outbox.entries()).toMatchObject([{ shown: 'Hello', state: 'waiting' }]);
});

it('keeps a refused one with its reason, and goes on with the next', async () => {
  const [far, time] = [server(['refused']), clock()];
  const outbox = createOutbox(ports({ send: (entry) => far.send(entry), wait: time.wait }));
  outbox.add(outgoing('a', 'too long'));
  outbox.add(outgoing('a', 'fine'));
  await time.settle();
  expect(outbox.entries()).toMatchObject([
    { shown: 'too long', state: 'refused', reason: 'No.' },
    { shown: 'fine', state: 'accepted' },
  ]);
});

it('sends a refused one again under its own id, at the end of the queue', async () => {
  const [far, time] = [server(['refused']), clock()];
  const outbox = createOutbox(ports({ send: (entry) => far.send(entry), wait: time.wait }));
  const first = outgoing('a', 'first');
  outbox.add(first);
  outbox.add(outgoing('a', 'second'));
  await time.settle();
  outbox.retry(first.messageId);
  await time.settle();
  expect(far.took.map(({ shown }) => shown)).toEqual(['second', 'first']);
  expect(far.took[1]?.messageId).toBe(first.messageId);
});

it('forgets a refused one on request, and never one that may be out already', async () => {
  const [far, time] = [server(['refused', 'lost']), clock()];
  const outbox = createOutbox(ports({ send: (entry) => far.send(entry), wait: time.wait }));
  const [refused, waiting] = [outgoing('a', '1'), outgoing('a', '2')];
  outbox.add(refused);
  await time.settle();
  outbox.add(waiting);
  outbox.discard(refused.messageId);
  outbox.discard(waiting.messageId);
  expect(outbox.entries()).toMatchObject([{ shown: '2' }]);
});

it('waits for a nudge where time does not help, and forgets an accepted one once the thread shows it', async () => {
  let signedIn = false;
  const outbox = createOutbox(
    ports({ send: async () => (signedIn ? { type: 'accepted' } : { type: 'later', afterMs: null }) }),
  );
  const message = outgoing('a', '1');
  outbox.add(message);
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(outbox.entries()).toMatchObject([{ state: 'waiting' }]);
  signedIn = true;
  outbox.nudge();
  expect(await outbox.settled(message.messageId)).toBe('accepted');
  expect(outbox.entries()).toMatchObject([{ state: 'accepted' }]);
  outbox.shown(new Set([message.messageId]));
  expect(outbox.entries()).toEqual([]);
});

test('ids are version 7 and sort in the order they were made, also within a millisecond', () => {
  const ids = Array.from({ length: 10_000 }, () => uuidV7(1_763_600_000_000));
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
    true,
  );
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

const stored = { ...outgoing('c', 'Hello'), at: '2026-11-20T10:00:00.000Z', order: 1, state: 'waiting', reason: null };
test.each<[string, unknown, boolean]>([
  ['what it wrote', stored, true],
  ['a refused one', { ...stored, state: 'refused', reason: 'No.' }, true],
  ['no object', 'Hello', false],
  ['nothing', null, false],
  ['another version', { id: '1', text: 'Hello' }, false],
  ['no content', { ...stored, content: null }, false],
  ['content of no known kind', { ...stored, content: { type: 'call' } }, false],
  ['no time', { ...stored, at: 'yesterday' }, false],
  ['an unknown state', { ...stored, state: 'sent' }, false],
])('reads %s from storage: %#', (_name, value, expected) => {
  expect(isEntry(value)).toBe(expected);
});
