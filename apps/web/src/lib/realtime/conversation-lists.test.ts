import type { Conversation, ConversationFilter } from '@parley/contracts/conversations';
import { QueryClient, QueryObserver, InfiniteQueryObserver } from '@tanstack/react-query';
import * as fc from 'fast-check';
import { afterEach, expect, it, vi } from 'vitest';
import { conversationQueries } from '@/features/conversations/queries';
import { applyEvent, receiveEvent } from './apply-event';
import type { ListData } from './conversation-lists';
import type { CountsSnapshot } from './counts';
import { compare } from './pages';
import { listKeyOf } from './conversation-lists';
import { syncOf } from './sync';
import { type Act, InboxModel } from './test/inbox-model';
import { ids } from './test/factories';

const filters: ConversationFilter[] = [
  { status: 'open', assignee: 'me' },
  { status: 'open', assignee: 'none' },
  { status: 'open' },
  { label: ids.label(1) },
  { team: ids.team(1) },
  {},
];

/** A browser beside the model: what the model does reaches it late, by stream and by answers, in any interleaving. */
class Browser {
  readonly client = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, retry: false, gcTime: Infinity } },
  });
  private readonly held: (() => void)[] = [];
  private readonly stops: (() => void)[] = [];
  private streamed = 0;

  constructor(
    readonly model: InboxModel,
    private readonly filter: ConversationFilter,
  ) {
    vi.stubGlobal('fetch', (url: string) => {
      const response = this.model.answer(new URL(url, 'http://inbox.test')); // the snapshot is taken when the server reads
      return new Promise((resolve) => this.held.push(() => resolve(response)));
    });
    syncOf(this.client).memberId = model.memberId;
    syncOf(this.client).begin(model.head);
    this.streamed = model.head;
    const list = { ...conversationQueries.list(filter) };
    this.list = new InfiniteQueryObserver(this.client, list);
    this.stops.push(
      this.list.subscribe(() => undefined),
      new QueryObserver(this.client, conversationQueries.counts()).subscribe(() => undefined),
    );
  }
  private readonly list;

  /** The oldest answer arrives. */
  async arrive(): Promise<void> {
    this.held.shift()?.();
    await settled();
  }
  more(): void {
    if (this.list.getCurrentResult().hasNextPage && !this.list.getCurrentResult().isFetching)
      void this.list.fetchNextPage();
  }
  /** The stream brings its next event. */
  stream(): void {
    const event = this.model.events.find(({ seq }) => seq > this.streamed);
    if (!event) return;
    this.streamed = event.seq;
    receiveEvent(this.client, event);
  }
  /** A write of this browser: its answer is here before the stream. */
  write(act: Act): void {
    const event = this.model.do(act);
    if (event?.type === 'conversation.updated' || event?.type === 'contact.updated') applyEvent(this.client, event);
  }
  async quiet(): Promise<void> {
    for (let rounds = 0; rounds === 0 || this.held.length > 0 || vi.getTimerCount() > 0; rounds += 1) {
      if (rounds > 100) throw new Error('it never comes to rest');
      while (this.held.length > 0) await this.arrive();
      while (this.streamed < this.model.head) this.stream();
      await vi.advanceTimersByTimeAsync(1_000);
    }
  }
  data(): ListData | undefined {
    return this.client.getQueryData(conversationQueries.list(this.filter).queryKey);
  }
  counts(): CountsSnapshot | undefined {
    return this.client.getQueryData<CountsSnapshot>(['conversations', 'counts']);
  }
  close(): void {
    this.stops.forEach((stop) => stop());
    this.client.clear();
  }
}

/** Lets everything that an answer set off run to its end; timers stand still. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const of = fc.nat({ max: 14 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constantFrom('inbound', 'reply', 'remove', 'read', 'create', 'fail', 'rename'), of }),
  fc.record({ act: fc.constant('assign' as const), of, to: fc.constantFrom(0, 1, null) }),
  fc.record({ act: fc.constant('status' as const), of, to: fc.constantFrom('open', 'pending', 'resolved') }),
  fc.record({ act: fc.constant('team' as const), of, to: fc.constantFrom(0, 1, null) }),
  fc.record({ act: fc.constant('label' as const), of, to: fc.nat({ max: 2 }) }),
);
const step = fc.oneof(
  fc.record({ step: fc.constant('server' as const), act }),
  fc.record({ step: fc.constant('write' as const), act }),
  fc.record({ step: fc.constantFrom('stream', 'arrive', 'more', 'wait') }),
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
const here = (...steps: ('stream' | 'arrive' | 'more')[]): Step[] => steps.map((each) => ({ step: each }));

/** A page read after an assignment, numbers read before it, and an own write that is here before the stream tells of it. */
const ownWriteBeforeWhatThePageKnew: [ConversationFilter, Step[]] = [
  {},
  [
    ...here('arrive', 'arrive', 'more'),
    { step: 'server', act: { act: 'assign', of: 0, to: 1 } },
    ...here('arrive', 'more', 'arrive'),
    { step: 'write', act: { act: 'label', of: 0, to: 0 } },
    ...here('stream', 'stream'),
  ],
];

afterEach(() => vi.unstubAllGlobals());

it('shows, in any interleaving of answers, events and own writes, what a fresh fetch would show', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...filters),
      fc.array(step, { minLength: 10, maxLength: 80 }),
      async (filter, steps) => {
        const browser = new Browser(new InboxModel(10, ids.member(0)), { ...filter });
        for (const each of steps) {
          if (each.step === 'server') browser.model.do(each.act);
          else if (each.step === 'write') browser.write(each.act);
          else if (each.step === 'stream') browser.stream();
          else if (each.step === 'arrive') await browser.arrive();
          else if (each.step === 'wait') await vi.advanceTimersByTimeAsync(1_000);
          else browser.more();
        }
        await browser.quiet();
        expect(shown(browser.data())).toEqual(expected(browser.data(), browser.model.list(filter)));
        expect(browser.counts()?.counts).toEqual(browser.model.counts());
        browser.close();
      },
    ),
    { numRuns: 3_000, examples: [ownWriteBeforeWhatThePageKnew] },
  );
  vi.useRealTimers();
}, 60_000);

function shown(data: ListData | undefined): Conversation[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** The fresh list, as far as the loaded pages reach. */
function expected(data: ListData | undefined, fresh: Conversation[]): Conversation[] {
  const end = data?.pages.at(-1)?.oldest ?? null;
  return end ? fresh.filter((each) => compare(listKeyOf(each), end.key) >= 0) : fresh;
}
