import assert from 'node:assert/strict';
import { ConnectError } from '../provider';
import { goneOrigin } from '../testing/recording-server';
import type { Check } from './check';

/** What is declared is there, and what is not declared is not. */
export const abilities: Check[] = [
  {
    name: 'its abilities are those that it declares',
    holds({ sample: { provider }, config }) {
      const can = provider.capabilities(config);
      assert.equal('typing' in provider, can.typing, 'typing');
      assert.equal('templates' in provider, can.templates, 'templates');
      assert.equal('findSent' in provider, can.lookUp, 'lookUp');
      assert.ok(!can.edit && !can.delete, 'the port has no way yet to edit or delete');
      assert.ok(can.maxTextLength > 0 && (can.windowHours === null || can.windowHours > 0));
    },
  },
  {
    name: 'receipts go as far as declared, and customers are seen typing where declared',
    holds({ sample: { provider, fixtures }, config }) {
      const can = provider.capabilities(config);
      const told = fixtures.flatMap(([, { call }]) => provider.split(call).flatMap((item) => provider.parse(item)));
      const words = new Set(told.flatMap((event) => (event.type === 'delivery.updated' ? [event.status] : [])));
      assert.deepEqual(
        { delivered: words.has('delivered'), read: words.has('read') },
        { delivered: can.receipts !== 'none', read: can.receipts === 'read' },
      );
      assert.equal(
        told.some(({ type }) => type === 'typing.changed'),
        can.seesTyping,
      );
    },
  },
  {
    name: 'a config is what the form asks for: its secrets prove calls, its routing is the same each time',
    holds({ sample, config }) {
      const { provider } = sample;
      assert.deepEqual(provider.config.parse(config), config, 'a parsed config is another when it is parsed again');
      assert.deepEqual(provider.routing(config), provider.routing(config));
      for (const secret of Object.values(provider.secrets(config))) assert.notEqual(secret, '');
      assert.ok(
        provider.bodyLimitBytes > 0 && provider.pacing.account.perSecond > 0 && provider.pacing.account.burst >= 1,
      );
    },
  },
  {
    name: 'a server that is not there, or refuses, is told in plain words and by its field',
    async holds({ sample, server, config }) {
      const { provider } = sample;
      if (!provider.check) return;
      const check = (asked: unknown) => Promise.resolve(provider.check?.(asked, fetch));
      const fields = Object.keys(config as object);
      const gone = provider.config.parse(sample.config(await goneOrigin()));
      server.answers(() => ({ status: 401, body: { error: 'invalid' } }));
      for (const asked of [gone, config]) {
        const error: unknown = await check(asked).then(
          () => assert.fail('it is content'),
          (thrown: unknown) => thrown,
        );
        assert.ok(error instanceof ConnectError, 'not a ConnectError');
        assert.ok(error.field === undefined || fields.includes(error.field), `no field ${error.field}`);
        assert.match(error.message, /^[A-Z\d].* .*\.$/s);
      }
    },
  },
];
