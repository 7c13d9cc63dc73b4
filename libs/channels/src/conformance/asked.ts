import assert from 'node:assert/strict';
import type { Outbound } from '../provider';
import type { Reply } from '../testing/recording-server';
import type { Check, Stage } from './check';

const WORDS = 'Until six, Sample.';
const SECOND = 1_772_615_722;

const message = ({ sample }: Stage, words = WORDS, reference = 'attempt-1'): Outbound => ({
  to: sample.person,
  content: { type: 'text', text: words },
  reference,
});

/** Answers after which nobody may believe that it was done, or that there is nothing. */
const failures: [what: string, reply: Reply][] = [
  ['a refusal', { status: 401, body: { error: 'invalid' } }],
  ['a limit', { status: 429, body: '' }],
  ['a page of a gateway', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['a connection that breaks', { end: 'drop' }],
];

/** What is asked beside sending, where the adapter has it. */
export const asked: Check[] = [
  {
    name: 'a lost send is found by what it says and since when; not found is null, and who cannot be asked throws',
    async holds(stage) {
      const { sample, server, config } = stage;
      const { provider, lookUp } = sample;
      assert.equal(lookUp !== undefined, provider.findSent !== undefined, 'the sample has no look-up, or one too many');
      if (!lookUp) return;
      const find = async (one: Outbound, second: number) =>
        provider.findSent?.(one, new Date(second * 1000), config, fetch);
      server.answers(lookUp.reply({ words: WORDS, reference: 'attempt-1', second: SECOND }));
      assert.deepEqual(await find(message(stage), SECOND), { externalId: lookUp.externalId });
      assert.deepEqual(await find(message(stage), SECOND - 60), { externalId: lookUp.externalId });
      assert.equal(await find(message(stage), SECOND + 60), null, 'one from before is taken for it');
      assert.equal(await find(message(stage, 'Closed, Sample.', 'attempt-2'), SECOND), null, 'another is taken for it');
      for (const [what, reply] of [...failures, ['no list', { body: {} }] as const]) {
        server.answers(() => reply);
        await assert.rejects(find(message(stage), SECOND), `${what} is taken for an answer`);
      }
    },
  },
  {
    name: 'typing and read marks are one call each, which names what is read, and a failure of theirs is told',
    async holds(stage) {
      const { sample, server, config } = stage;
      const { provider, person: to } = sample;
      const read = [{ externalId: sample.message.externalId, own: false }];
      const marks = (messages: typeof read) => provider.markRead?.(to, messages, config, fetch);
      const abilities: [name: string, ask: () => Promise<void> | undefined][] = [
        ['typing', () => provider.typing?.(to, read[0] ?? null, config, fetch)],
        ['markRead', () => marks(read)],
      ];
      for (const [name, ask] of abilities) {
        if (!(name in provider)) continue;
        server.answers(() => sample.done);
        await ask();
        assert.equal(server.requests.length, 1, `${name} is one call`);
        if (name === 'markRead')
          assert.ok(JSON.stringify(server.requests[0]).includes(sample.message.written), 'what is read is not named');
        for (const [what, reply] of failures) {
          server.answers(() => reply);
          await assert.rejects(async () => ask(), `${name} hides ${what}`);
        }
      }
      server.answers(() => sample.done);
      await marks([]);
      assert.equal(server.requests.length, 0, 'nothing was read, and it was told');
    },
  },
  {
    name: 'the past comes as items that are read as history, with the keys that webhooks give, and who cannot be asked throws',
    async holds({ sample, server, config }) {
      const { provider, past } = sample;
      assert.equal(past !== undefined, provider.history !== undefined, 'the sample has no past, or one too many');
      if (!past) return;
      const pull = async (from: number, to: number) => {
        const period = { from: new Date(from * 1000), to: new Date(to * 1000), nowMs: (past.second + 3_600) * 1000 };
        return (await provider.history?.(period, config, fetch)) ?? [];
      };
      const { second } = past;
      server.answers(past.reply);
      const items = await pull(second, second + 1);
      const events = items.flatMap((item) => provider.parse({ body: item.body }));
      assert.equal(events.length, past.told.length);
      for (const event of events)
        assert.ok(event.type === 'message.received' && event.history === true, 'the past is told as news');
      const keys = (list: { key: string }[]) => list.map(({ key }) => key);
      const told = past.told.flatMap((body) => provider.split({ headers: {}, body }));
      assert.deepEqual(keys(items).toSorted(), keys(told).toSorted(), 'what was told would be told again');
      assert.deepEqual(keys(await pull(second, second + 1)), keys(items));
      assert.equal(new Set(keys(items)).size, items.length);
      assert.deepEqual(await pull(second + 1, second + 2), [], 'what was before is told');
      assert.deepEqual(await pull(second - 1, second), [], 'what comes after is told');
      for (const [what, reply] of [...failures, ['no list', { body: {} }] as const]) {
        server.answers(() => reply);
        await assert.rejects(pull(second, second + 1), `${what} is taken for a past without anything`);
      }
    },
  },
  {
    name: 'a group tells its name and all who are in it, the list of groups names it, and who cannot be asked throws',
    async holds({ sample, server, config }) {
      const { provider, groupAsked, group } = sample;
      assert.equal(groupAsked !== undefined, provider.groups !== undefined, 'the sample has no group, or one too many');
      if (!groupAsked || group?.kind !== 'group') return;
      const { externalId } = group;
      const tell = async () => (await provider.names?.({ people: [], groups: [externalId] }, config, fetch)) ?? [];
      const list = async () => provider.groups?.(config, fetch);
      server.answers(groupAsked.reply);
      const events = (await tell()).flatMap((item) => provider.parse({ body: item.body }));
      const titles = events.flatMap((event) => (event.type === 'chat.renamed' ? [event.title] : []));
      const lists = events.flatMap((event) => (event.type === 'participants.changed' ? [event] : []));
      assert.deepEqual(titles, [groupAsked.title]);
      assert.deepEqual(
        lists.map(({ action, members }) => [action, ...members.map(({ addresses }) => addresses[0]?.address)]),
        [['replace', ...groupAsked.members]],
      );
      for (const event of events)
        assert.deepEqual('chat' in event && event.chat, { kind: 'group', externalId }, 'told of another chat');
      assert.deepEqual(await list(), [{ externalId, title: groupAsked.title }]);
      for (const [what, reply] of failures) {
        server.answers(() => reply);
        await assert.rejects(tell(), `${what} is taken for a group that is not there`);
        await assert.rejects(list(), `${what} is taken for no groups`);
      }
    },
  },
  {
    name: 'templates are listed to the last page, and a list that breaks off throws',
    async holds({ sample, server, config }) {
      const { provider, templates } = sample;
      assert.equal(
        templates !== undefined,
        provider.templates !== undefined,
        'the sample has no templates, or too many',
      );
      if (!templates) return;
      const list = async () => provider.templates?.(config, fetch);
      server.answers(templates.reply);
      assert.deepEqual(
        (await list())?.map(({ name }) => name),
        templates.names,
      );
      assert.ok(server.requests.length > 1, 'the sample has one page');
      for (const [what, reply] of failures) {
        let page = 0;
        server.answers((request) => (page++ === 0 ? templates.reply(request) : reply));
        await assert.rejects(list(), `${what} is taken for the end`);
      }
    },
  },
];
