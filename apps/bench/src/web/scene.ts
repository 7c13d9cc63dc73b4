import type { Customers } from '@parley/testing/customer';
import type { Browser, Page } from 'playwright';
import type { FilledConversation } from './fill';
import { startTraffic, type Traffic } from './traffic';

/** A running product with a full inbox in it, and who looks at it. */
export interface Scene {
  browser: Browser;
  /** Of the api, which hands out the pages too. */
  origin: string;
  /** Cookie header of a member who sees every conversation. */
  cookie: string;
  customers: Customers;
  /** All that the member sees. */
  conversations: FilledConversation[];
  /** How long each look lasts. */
  seconds: number;
}

/** How many times slower than it is the processor pretends to be where the promise is for a slow one. */
export const SLOW = 4;
/** Events where the promise is for a busy inbox. */
const PER_SECOND = 20;

/** Until the rows stand there. */
export async function openInbox(page: Page): Promise<void> {
  await page.goto('/inbox?view=all');
  await page.getByRole('option').first().waitFor();
}

/** Runs while customers write: `who`, or everybody. */
export async function amidTraffic<T>(
  { customers, origin, cookie, conversations }: Scene,
  act: (traffic: Traffic) => Promise<T>,
  who: FilledConversation[] = conversations,
): Promise<T> {
  const traffic = await startTraffic({ customers, conversations: who, perSecond: PER_SECOND, origin, cookie });
  try {
    return await act(traffic);
  } finally {
    await traffic.stop();
  }
}
