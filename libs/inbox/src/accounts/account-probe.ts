import { AskedTooOften, ConnectError, type AnyProvider, type Step } from '@parley/channels/provider';
import type { AccountCheck } from '@parley/contracts/accounts';
import { Logger } from '@nestjs/common';
import { secretFields } from './account-secrets';
import type { Standing } from './accounts.queries';

const CALL_MS = 10_000;
const logger = new Logger('AccountProbe');

export interface Probe {
  /** The provider took the credentials: they open what the config names. */
  proven: boolean;
  standing: Standing;
  /** What was looked at, up to the first that did not pass. */
  checks: AccountCheck[];
}

/** Asks the provider how the connection stands. A provider that is away, or refuses, is an answer too. */
export async function probe(provider: AnyProvider, config: unknown, http: typeof fetch, nowMs: number): Promise<Probe> {
  if (!provider.check)
    return { proven: false, standing: { state: 'connecting', detail: null, address: null, qr: null }, checks: [] };
  const { checks, step } = listChecks();
  try {
    const { state, detail = null, address = null, qr } = await provider.check(config, bounded(http), step);
    return {
      proven: true,
      checks,
      standing: { state, detail, address, qr: qr ? { ...qr, at: new Date(nowMs).toISOString() } : null },
    };
  } catch (error) {
    return { proven: false, standing: { ...troubleOf(provider, error), address: null, qr: null }, checks };
  }
}

/** Asks in passing. Null: the provider is not one that must be asked, or did not want to be asked now. */
export async function lookAt(
  provider: AnyProvider,
  config: unknown,
  http: typeof fetch,
): Promise<Pick<Standing, 'state' | 'detail'> | null> {
  if (!provider.standing) return null;
  try {
    const { state, detail = null } = await provider.standing(config, http);
    return { state, detail };
  } catch (error) {
    return error instanceof AskedTooOften ? null : troubleOf(provider, error);
  }
}

export interface Door {
  url: string;
  headers: Record<string, string>;
  verifyToken: string | null;
}

/** Tells the provider where to post, where it can be told. `trouble` null: done. */
export async function subscribe(
  provider: AnyProvider,
  door: Door,
  config: unknown,
  http: typeof fetch,
): Promise<{ trouble: (Pick<Standing, 'state'> & { detail: string }) | null; checks: AccountCheck[] }> {
  const { checks, step } = listChecks();
  try {
    const { subscribe: tell } = provider;
    if (tell) await step('It posts what happens to Parley', () => tell(door, config, bounded(http)));
    return { trouble: null, checks };
  } catch (error) {
    return { trouble: troubleOf(provider, error), checks };
  }
}

/** Writes down each step that is taken, with how it ended. */
function listChecks(): { checks: AccountCheck[]; step: Step } {
  const checks: AccountCheck[] = [];
  const step: Step = async (title, look) => {
    const began = performance.now();
    const note = (passed: boolean, detail: string | null) =>
      checks.push({ title, passed, detail, ms: Math.round(performance.now() - began) });
    try {
      const found = await look();
      note(true, null);
      return found;
    } catch (error) {
      note(false, wordsOf(error));
      throw error;
    }
  };
  return { checks, step };
}

/** What the adapter says is for people. A refused secret asks for a new one; all else may pass. */
function troubleOf(provider: AnyProvider, error: unknown): { state: 'needs_reauth' | 'disconnected'; detail: string } {
  if (error instanceof ConnectError) {
    const refused = error.field !== undefined && secretFields(provider).includes(error.field);
    return { state: refused ? 'needs_reauth' : 'disconnected', detail: error.message };
  }
  logger.error({ err: error, provider: provider.name }, 'a provider could not be asked');
  return { state: 'disconnected', detail: wordsOf(error) };
}

/** What an adapter throws by intent is for people; all else is for the log. */
function wordsOf(error: unknown): string {
  return error instanceof ConnectError
    ? error.message
    : 'The provider did not answer as it should. Check the fields and save again in a minute.';
}

function bounded(http: typeof fetch): typeof fetch {
  return (input, init) =>
    http(input, {
      ...init,
      signal: AbortSignal.any([AbortSignal.timeout(CALL_MS), ...(init?.signal ? [init.signal] : [])]),
    });
}
