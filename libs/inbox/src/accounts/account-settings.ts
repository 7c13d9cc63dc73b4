import { providerOf } from '@parley/channels/registry';
import type { AccountSettings } from '@parley/contracts/accounts';
import type { CredentialBox } from '@parley/platform/credentials';
import type { Account } from '@parley/contracts/accounts';
import { openConfig, openCredentials } from './account-secrets';
import type { Door } from './account-probe';
import type { WholeAccount } from './accounts.queries';

/** An account as its admin sees it. Of secrets the last four characters, except those that the provider must be told. */
export function toSettings(
  account: Account,
  row: WholeAccount,
  { box, origin, nowMs }: { box: CredentialBox; origin: string; nowMs: number },
): AccountSettings {
  const { config: secrets } = openCredentials(box, row);
  const { url, headers, verifyToken } = doorOf(row, box, origin);
  return {
    ...account,
    config: row.config,
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, tailOf(value)])),
    webhook: { url, headers, verifyToken, setBy: setterOf(row) },
    qr: row.qr && { ...row.qr, leftMs: leftOf(row.qr.at, providerOf(row.provider).codeLivesMs ?? 0, nowMs) },
    checks: [],
    agentsSee: row.agentsSee,
  };
}

function setterOf({ provider: name, appKey }: WholeAccount): AccountSettings['webhook']['setBy'] {
  const provider = providerOf(name);
  if (provider.subscribe) return 'us';
  return provider.ingress.by === 'app' && appKey === null ? 'operator' : 'you';
}

/** Where the provider must post for this account, and what it must send along. */
export function doorOf(row: WholeAccount, box: CredentialBox, origin: string): Door {
  const provider = providerOf(row.provider);
  const { path, doors = [] } = provider.ingress;
  const base = [origin, 'api/webhooks', path, ...doors.slice(0, 1)].join('/');
  if (row.state === 'deleted') return { url: base, headers: {}, verifyToken: null };
  const config = openConfig(box, row);
  const segment = openCredentials(box, row).pathToken ?? row.appKey;
  const verifyToken = row.appKey === null ? null : (provider.secrets(config).verifyToken ?? null);
  return { url: segment ? `${base}/${segment}` : base, headers: provider.webhookHeaders(config), verifyToken };
}

/** A worker's clock may be a little ahead. */
const leftOf = (at: string, livesMs: number, nowMs: number) =>
  Math.min(livesMs, Math.max(0, Date.parse(at) + livesMs - nowMs));

/** Of a short secret four characters would be too much. */
function tailOf(value: unknown): string {
  return typeof value === 'string' && value.length >= 12 ? value.slice(-4) : '';
}
