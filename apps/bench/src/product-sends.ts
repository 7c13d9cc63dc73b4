import type { Bench } from './case';
import type { SendChat } from './load/send-plan';
import { startProduct, type BenchTenant, type Product } from './product';
import type { FakeProvider } from './provider/run-provider';
import type { SendSubject } from './subject';

interface Pace {
  perSecond: number;
  burst: number;
}

export interface ProductSendsOptions {
  /** Each in a tenant of its own. */
  accounts: number;
  /** Chats of each account, all written to by their customer a moment ago. */
  chats: number;
  provider: FakeProvider;
  /** In place of the provider's own. */
  pacing?: { account: Pace; chat?: Pace };
}

/** The product, with chats that can be answered and accounts whose provider is ours. */
export async function startProductSends(
  bench: Bench,
  { accounts, chats, provider, pacing }: ProductSendsOptions,
): Promise<SendSubject & Product> {
  const product = await startProduct(bench, {
    tenants: accounts,
    accounts,
    env: { EGRESS_ALLOW: provider.host },
    config: { baseUrl: provider.url },
  });
  if (pacing) await product.sql`update accounts set pacing = ${product.sql.json(pacing as never)}`;
  const lists: SendChat[][] = [];
  for (const [account, home] of product.tenants.entries()) lists.push(await makeChats(product, home, account, chats));
  const numbers = product.doors.map((door) => door.phoneNumberId);
  return { ...product, chats: inTurn(lists), numbers };
}

async function makeChats(product: Product, home: BenchTenant, account: number, count: number): Promise<SendChat[]> {
  const made: SendChat[] = [];
  const headers = { cookie: home.owner.cookie };
  for (let i = 0; i < count; i++) {
    const { id } = await home.tenant.newConversation({ phone: `+1202${5_550_000 + account * count + i}` });
    const body = JSON.stringify({ conversationId: id, content: { type: 'text', text: '$TEXT' } });
    made.push({ account, url: `${product.app.url}/api/inbox/send_message`, headers, body });
  }
  return made;
}

/** Of each list the first, then of each the second, … */
function inTurn<T>(lists: T[][]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? [])).flat();
}
