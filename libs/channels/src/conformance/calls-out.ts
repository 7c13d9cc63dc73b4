import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { mediaKinds } from '@parley/contracts/content';
import { identityKinds } from '@parley/contracts/conversations';
import { z } from 'zod';
import type { MessageRef, Outbound, SendResult } from '../provider';
import { goneOrigin, type Recorded, type Reply } from '../testing/recording-server';
import type { Check, Stage } from './check';

const WORDS = 'Until six, Sample.';

const text = ({ sample }: Stage, more: { text?: string; quote?: MessageRef; to?: Outbound['to'] } = {}): Outbound => ({
  to: more.to ?? sample.person,
  content: { type: 'text', text: more.text ?? WORDS, ...(more.quote && { quote: more.quote }) },
  reference: 'attempt-1',
});

const send = ({ sample, config }: Stage, message: Outbound, http: typeof fetch = fetch) =>
  sample.provider.send(message, config, http);

const BYTES = 'these are the bytes of a file';

const file = (
  stage: Stage,
  kind: (typeof mediaKinds)[number] = 'document',
  caption: string | null = null,
): Outbound => ({
  ...text(stage),
  content: {
    type: 'media',
    kind,
    caption,
    file: {
      name: 'order-4711.pdf',
      mimeType: 'application/pdf',
      sizeBytes: BYTES.length,
      open: () => Promise.resolve(Readable.from([Buffer.from(BYTES)])),
    },
  },
});

const takes = ({ sample, server }: Stage) => server.answers(sample.taken.reply);
const asked = ({ server }: Stage) => server.requests.length;

/** What was asked of the provider since the last answer was set, as one text. */
const words = ({ server }: Stage) =>
  JSON.stringify(server.requests.map(({ url, body }) => [decodeURIComponent(url), body]));

/** What goes out: each declared ability, each answer, each silence. */
export const callsOut: Check[] = [
  {
    name: 'a text goes out in one call with all its words, and comes back with the id',
    async holds(stage) {
      takes(stage);
      const longest = 'é'.repeat(stage.sample.provider.capabilities(stage.config).maxTextLength);
      for (const one of [WORDS, longest]) {
        takes(stage);
        const result = await send(stage, text(stage, { text: one }));
        assert.equal(result.outcome, 'accepted');
        assert.equal('externalId' in result && result.externalId, stage.sample.taken.externalId);
        assert.equal(asked(stage), 1, 'one send is one call');
        assert.ok(words(stage).includes(one), 'the text is not whole');
      }
      if (!stage.sample.group) return;
      takes(stage);
      assert.equal((await send(stage, text(stage, { to: stage.sample.group }))).outcome, 'accepted');
    },
  },
  {
    name: 'a quote and a reaction name their message where they are declared, and are refused unasked where not',
    async holds(stage) {
      const { sample, config } = stage;
      const can = sample.provider.capabilities(config);
      const target: MessageRef = { externalId: sample.message.externalId, own: false, text: 'Open today?' };
      await declared(stage, can.quote, text(stage, { quote: target }));
      for (const content of [{ emoji: '👍' }, { emoji: '', before: '👍' }])
        await declared(stage, can.react, { ...text(stage), content: { type: 'reaction', target, ...content } });
    },
  },
  {
    name: 'a template goes out where there are templates, and is refused unasked where not',
    async holds(stage) {
      const template: Outbound['content'] = { type: 'template', name: 'sample_order', language: 'en', parameters: [] };
      const can = stage.sample.provider.capabilities(stage.config).templates;
      takes(stage);
      const result = await send(stage, { ...text(stage), content: template });
      assert.deepEqual([result.outcome, asked(stage)], can ? ['accepted', 1] : ['refused', 0]);
    },
  },
  {
    name: 'a file goes out as each kind that is declared, with its bytes, its name and its words; as any other it is refused unasked',
    async holds(stage) {
      const { sample, server, config } = stage;
      const { files } = sample.provider.capabilities(config);
      const { takenFile } = sample;
      assert.equal(takenFile !== undefined, files.length > 0, 'the sample takes no file, or should not');
      for (const kind of mediaKinds) {
        const rule = files.find((one) => one.kind === kind);
        const hasWords = rule !== undefined && rule.maxCaption > 0;
        server.answers(takenFile?.reply ?? sample.taken.reply);
        const result = await send(stage, file(stage, kind, hasWords ? WORDS : null));
        if (!rule) {
          assert.deepEqual([result.outcome, asked(stage)], ['refused', 0], `${kind} is undeclared`);
          continue;
        }
        assert.deepEqual(
          [result.outcome, 'externalId' in result && result.externalId],
          ['accepted', takenFile?.externalId],
          kind,
        );
        for (const part of [BYTES, 'order-4711.pdf', ...(hasWords ? [WORDS] : [])])
          assert.ok(words(stage).includes(part), `${kind} goes out without "${part}"`);
      }
      if (!takenFile) return;
      for (const reply of [{ end: 'drop' }, { status: 503, body: '' }] as const) {
        server.answers(() => reply);
        const result = await send(stage, file(stage)).catch(() => ({ outcome: 'unknown' }));
        assert.notEqual(result.outcome, 'accepted', 'trouble was taken for an answer');
      }
    },
  },
  {
    name: 'somebody without an address of this channel is refused unasked',
    async holds(stage) {
      const { person, reaches } = stage.sample;
      for (const { kind } of person.kind === 'direct' ? person.addresses : [])
        assert.ok(reaches.includes(kind), `the sample writes to a ${kind} that it does not reach`);
      const foreign = identityKinds.filter((kind) => !reaches.includes(kind));
      assert.ok(foreign.length > 0);
      for (const kind of foreign) {
        takes(stage);
        const to: Outbound['to'] = { kind: 'direct', addresses: [{ kind, address: 'sample-of-elsewhere' }] };
        const result = await send(stage, text(stage, { to }));
        const reason = 'reason' in result && result.reason;
        assert.deepEqual([result.outcome, reason, asked(stage)], ['refused', 'recipient', 0], kind);
      }
    },
  },
  {
    name: 'each answer has its class: refused is certain, everything in doubt is unknown, and nothing is asked twice',
    async holds(stage) {
      for (const [what, reply, expected] of stage.sample.refused) {
        const result = await answered(stage, () => reply);
        assert.equal(result.outcome, 'refused', what);
        for (const [name, value] of Object.entries(expected))
          assert.deepEqual(result[name as keyof SendResult], value, what);
      }
      const reasons = stage.sample.refused.map(([, , { reason }]) => reason);
      for (const reason of ['auth', 'throttled'] as const)
        assert.ok(reasons.includes(reason), `no answer means ${reason}`);
      const open: [string, Parameters<Stage['server']['answers']>[0]][] = [
        ...stage.sample.unknown.map(([what, reply]): (typeof open)[number] => [what, () => reply]),
        ['a success without a body', () => ({ status: 200, body: '' })],
        ['a success that is a page', () => ({ status: 200, body: '<html>Sign in</html>' })],
        ['a page of a gateway', () => ({ status: 502, body: '<html>Bad Gateway</html>' })],
        ['a gateway that waited', () => ({ status: 504, body: '' })],
        ['a success beyond all size', () => ({ status: 200, body: `"${'x'.repeat(9_000_000)}"` })],
      ];
      for (const [what, reply] of open) assert.equal((await answered(stage, reply)).outcome, 'unknown', what);
    },
  },
  {
    name: 'a wait that is asked for is passed on',
    async holds(stage) {
      const [, reply] = stage.sample.refused.find(([, , { reason }]) => reason === 'throttled') ?? [];
      const result = await answered(stage, () => ({ ...reply, headers: { 'retry-after': '7' } }));
      assert.equal('retryAfterMs' in result && result.retryAfterMs, 7_000);
    },
  },
  {
    name: 'no answer is never a refusal: a connection that breaks, a time limit; and only one that was never made says so',
    async holds(stage) {
      await inDoubt(stage, { end: 'drop' }, fetch);
      const limited: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(100) });
      await inDoubt(stage, { end: 'never' }, limited);
      const config = stage.sample.provider.config.parse(stage.sample.config(await goneOrigin()));
      const refused = await stage.sample.provider.send(text(stage), config, fetch).then(
        () => assert.fail('it answered for a server that is not there'),
        (error: unknown) => error,
      );
      assert.equal((refused as { cause?: { code?: string } }).cause?.code, 'ECONNREFUSED');
    },
  },
  {
    name: 'a redirect is not followed: it would carry the credentials along',
    async holds(stage) {
      stage.server.answers(({ url }) =>
        url.startsWith('/elsewhere') ? {} : { status: 307, headers: { location: `${stage.server.origin}/elsewhere` } },
      );
      await send(stage, text(stage)).catch(() => undefined);
      assert.ok(stage.server.requests.every(({ url }) => !url.startsWith('/elsewhere')));
    },
  },
  {
    name: 'every call goes through the fetch that is given',
    async holds(stage) {
      let through = 0;
      const counted: typeof fetch = (url, init) => {
        through += 1;
        return fetch(url, init);
      };
      takes(stage);
      await send(stage, text(stage), counted);
      assert.equal(through, asked(stage));
    },
  },
  {
    name: 'no secret and no word of people is in a result or an error, even where the provider repeats what it was asked',
    async holds(stage) {
      const secrets = secretsOf(stage);
      assert.ok(secrets.length > 0, 'the sample config has no secrets');
      const gone = { ...stage, config: stage.sample.provider.config.parse(stage.sample.config(await goneOrigin())) };
      for (const [what, reply] of repeating()) {
        stage.server.answers(reply);
        for (const [name, ask, isSend] of asks(stage, fetch))
          await tellsNothing(`${name}, ${what}`, ask, secrets, isSend);
      }
      const limited: typeof fetch = (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(50) });
      for (const [what, end, at, http] of [
        ['a connection that breaks', 'drop', stage, fetch],
        ['a time limit', 'never', stage, limited],
        ['nobody there', 'drop', gone, fetch],
      ] as const) {
        stage.server.answers(() => ({ end }));
        for (const [name, ask, isSend] of asks(at, http)) await tellsNothing(`${name}, ${what}`, ask, secrets, isSend);
      }
    },
  },
];

type Ask = [name: string, ask: () => unknown, isSend: boolean];

/** Everything that asks the provider something. */
function asks(stage: Stage, http: typeof fetch): Ask[] {
  const { sample, config } = stage;
  const { provider, person: to } = sample;
  const ref = { externalId: sample.message.externalId, own: false };
  const webhook = { url: 'https://inbox.example.org/hook', headers: {}, verifyToken: null };
  return [
    ['send', () => send(stage, text(stage), http), true],
    ['send a file', () => send(stage, file(stage, 'image', WORDS), http), true],
    ['typing', () => provider.typing?.(to, ref, config, http), false],
    ['markRead', () => provider.markRead?.(to, [ref], config, http), false],
    ['findSent', () => provider.findSent?.(text(stage), new Date(0), config, http), false],
    ['templates', () => provider.templates?.(config, http), false],
    ['names', () => provider.names?.({ people: [], groups: ['sample'] }, config, http), false],
    ['groups', () => provider.groups?.(config, http), false],
    ['history', () => provider.history?.({ from: new Date(0), to: new Date(8e14), nowMs: 8e14 }, config, http), false],
    ['check', () => provider.check?.(config, http), false],
    ['subscribe', () => provider.subscribe?.(webhook, config, http), false],
    ['standing', () => provider.standing?.(config, http), false],
    ['pairingCode', () => provider.pairingCode?.('+15550182236', config, http), false],
  ];
}

/** Answers that say again what was asked: as a page, and where each kind of server puts its words; a long one is cut by us. */
function* repeating(): Generator<[what: string, reply: (request: Recorded) => Reply]> {
  const forms: ((words: string) => unknown)[] = [
    (words) => words,
    (message) => ({ message }),
    (message) => ({ status: 400, response: { message: [message] } }),
    (message) => ({ error: { message, code: 100 } }),
    (error) => ({ ok: false, error }),
  ];
  for (const status of [200, 400, 401, 403, 404, 429, 500, 503])
    for (const [form, body] of forms.entries())
      yield [
        `${status} in form ${form}`,
        (request) => ({ status, body: body(`Cannot ${request.method} ${request.url} with ${WORDS}`) }),
      ];
  for (let length = 420; length < 500; length += 8)
    yield [`400 after ${length}`, ({ url }) => ({ status: 400, body: { message: `${'x'.repeat(length)}${url}` } })];
}

/** How much of a secret may not be told either: whoever has so much knows where to go on. */
const TELLING = 8;

/** What is kept with an attempt may hold the customer's words; what is thrown is logged. */
async function tellsNothing(what: string, ask: () => unknown, secrets: string[], isSend: boolean): Promise<void> {
  const told = await Promise.resolve()
    .then(ask)
    .then(
      (result) => ({ words: JSON.stringify(result) ?? '', thrown: false }),
      (error: unknown) => ({ words: whole(error), thrown: true }),
    );
  for (const secret of secrets)
    assert.ok(!told.words.includes(secret.slice(0, TELLING)), `${what}: a secret is told, or its beginning`);
  if (told.thrown || !isSend) assert.ok(!told.words.includes(WORDS), `${what}: it tells "${WORDS}"`);
}

async function declared(stage: Stage, can: boolean, message: Outbound) {
  takes(stage);
  const result = await send(stage, message);
  if (!can)
    return assert.deepEqual([result.outcome, asked(stage)], ['refused', 0], 'undeclared, and not refused unasked');
  assert.deepEqual([result.outcome, asked(stage)], ['accepted', 1], 'declared, and not sent');
  assert.ok(words(stage).includes(stage.sample.message.written), 'the message that is meant is not named');
}

async function answered(stage: Stage, reply: Parameters<Stage['server']['answers']>[0]): Promise<SendResult> {
  stage.server.answers(reply);
  const result = await send(stage, text(stage));
  assert.equal(asked(stage), 1, 'a send is one call, whatever the answer');
  return result;
}

/** Thrown, or said to be unknown: never known. */
async function inDoubt(stage: Stage, reply: { end: 'drop' | 'never' }, http: typeof fetch) {
  stage.server.answers(() => reply);
  const result = await send(stage, text(stage), http).catch(() => ({ outcome: 'unknown' }));
  assert.equal(result.outcome, 'unknown');
  assert.equal(asked(stage), 1, 'a send is one call, whatever the answer');
}

/** Values of the fields that the form marks as secret. */
function secretsOf({ sample, config }: Stage): string[] {
  const { properties = {} } = z.toJSONSchema(sample.provider.config, { io: 'input' });
  return Object.entries(config as object).flatMap(([name, value]) =>
    (properties[name] as { secret?: boolean } | undefined)?.secret && typeof value === 'string' ? [value] : [],
  );
}

/** An error with its causes and properties. */
function whole(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack ?? ''} ${JSON.stringify({ ...error })} ${error.cause === undefined ? '' : whole(error.cause)}`;
}
