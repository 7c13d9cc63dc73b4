import assert from 'node:assert/strict';
import { ConnectError, FileGone, type FileHandle } from '../provider';
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
      for (const { types, maxBytes, maxCaption } of can.files)
        assert.ok(types.length > 0 && maxBytes > 0 && maxCaption >= 0, 'a rule that takes no file');
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
    name: 'files can be asked for by what their messages bring, and one that is gone is told from one that may come',
    async holds({ sample, server, config }) {
      const { provider, fixtures } = sample;
      const told = fixtures.flatMap(([, { call }]) => provider.split(call).flatMap((item) => provider.parse(item)));
      const handles = told.flatMap((event) => (event.type === 'message.received' && event.file ? [event.file] : []));
      assert.equal(
        provider.fetchFile !== undefined,
        handles.length > 0,
        'fetchFile without files, or files without it',
      );
      for (const handle of handles) {
        assert.ok(JSON.stringify(handle).length <= 4_096, 'a handle is too large');
        for (const part of Object.values(handle)) assert.equal(typeof part, 'string');
      }
      const [handle] = handles;
      if (!handle || !provider.fetchFile) return;
      for (const reply of [{ status: 503 }, { end: 'drop' } as const]) {
        server.answers(() => reply);
        const error: unknown = await read(
          provider.fetchFile({ ...handle, ...addressIn(handle, server.origin) }, config, fetch),
        );
        assert.ok(error instanceof Error && !(error instanceof FileGone), 'trouble was taken for the end');
      }
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

/** What reading it to its end threw. */
async function read(opened: Promise<AsyncIterable<Uint8Array>>): Promise<unknown> {
  try {
    let bytes = 0;
    for await (const piece of await opened) bytes += piece.byteLength;
    return bytes;
  } catch (error) {
    return error;
  }
}

/** Where a handle holds an address, the kit's own server stands in. */
function addressIn(handle: FileHandle, origin: string): FileHandle {
  const addresses = Object.entries(handle).filter(([, part]) => /^https?:/.test(part));
  return Object.fromEntries(addresses.map(([name]) => [name, `${origin}/file`]));
}
