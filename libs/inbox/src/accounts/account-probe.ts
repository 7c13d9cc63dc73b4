import { ConnectError, type AnyProvider } from '@parley/channels/provider';
import { Logger } from '@nestjs/common';
import { secretFields } from './account-secrets';
import type { Standing } from './accounts.queries';

const CALL_MS = 10_000;
const logger = new Logger('AccountProbe');

export interface Probe {
  /** The provider took the credentials: they open what the config names. */
  proven: boolean;
  standing: Standing;
}

/** Asks the provider how the connection stands. A provider that is away, or refuses, is an answer too. */
export async function probe(provider: AnyProvider, config: unknown, http: typeof fetch, nowMs: number): Promise<Probe> {
  if (!provider.check)
    return { proven: false, standing: { state: 'connecting', detail: null, address: null, qr: null } };
  try {
    const { state, detail = null, address = null, qr } = await provider.check(config, bounded(http));
    return {
      proven: true,
      standing: { state, detail, address, qr: qr ? { ...qr, at: new Date(nowMs).toISOString() } : null },
    };
  } catch (error) {
    return { proven: false, standing: { ...troubleOf(provider, error), address: null, qr: null } };
  }
}

/** Asks in passing. Null: the provider is not one that must be asked. */
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
    return troubleOf(provider, error);
  }
}

export interface Door {
  url: string;
  headers: Record<string, string>;
  verifyToken: string | null;
}

/** Tells the provider where to post, where it can be told. Null: done; else what is the matter. */
export async function subscribe(
  provider: AnyProvider,
  door: Door,
  config: unknown,
  http: typeof fetch,
): Promise<(Pick<Standing, 'state'> & { detail: string }) | null> {
  if (!provider.subscribe) return null;
  try {
    await provider.subscribe(door, config, bounded(http));
    return null;
  } catch (error) {
    return troubleOf(provider, error);
  }
}

/** What the adapter says is for people. A refused secret asks for a new one; all else may pass. */
function troubleOf(provider: AnyProvider, error: unknown): { state: 'needs_reauth' | 'disconnected'; detail: string } {
  if (error instanceof ConnectError) {
    const refused = error.field !== undefined && secretFields(provider).includes(error.field);
    return { state: refused ? 'needs_reauth' : 'disconnected', detail: error.message };
  }
  logger.error({ err: error, provider: provider.name }, 'a provider could not be asked');
  return {
    state: 'disconnected',
    detail: 'The provider did not answer as it should. Check the fields and save again in a minute.',
  };
}

function bounded(http: typeof fetch): typeof fetch {
  return (input, init) =>
    http(input, {
      ...init,
      signal: AbortSignal.any([AbortSignal.timeout(CALL_MS), ...(init?.signal ? [init.signal] : [])]),
    });
}
