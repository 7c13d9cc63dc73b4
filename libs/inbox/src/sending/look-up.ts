import { providerOf } from '@parley/channels/registry';
import type { CredentialBox } from '@parley/platform/credentials';
import { openConfig } from '../accounts/account-secrets';
import { withDeadline } from './call';
import type { OutboundRow } from './claim.queries';
import type { Finding } from './findings';
import { outboundOf } from './outbound';

/** Clocks differ a little, and the provider's may be cut to the second. */
const EARLIER_MS = 5_000;

/** What is known of an attempt before anything came of it. */
export function findingOf(row: OutboundRow, atMs: number): Omit<Finding, 'outcome'> {
  return {
    tenantId: row.tenant_id,
    accountId: row.account_id,
    provider: row.provider,
    config: row.config,
    accountName: row.account_name,
    chatId: row.chat_id,
    conversationId: row.conversation_id,
    contactId: row.contact_id,
    deliveryId: row.delivery_id,
    attemptId: row.attempt_id,
    messageId: row.kind === 'message' ? row.message_id : null,
    tries: row.tries,
    unknownSinceMs: row.finished_ms,
    atMs,
  };
}

/** Asks the provider whether an attempt of unknown outcome went out. Who cannot be asked, or does not answer, has not seen it. */
export async function lookUp(
  row: OutboundRow,
  http: typeof fetch,
  box: CredentialBox,
): Promise<{ outcome: 'found'; externalId: string } | { outcome: 'unseen' }> {
  const provider = providerOf(row.provider);
  const outbound = outboundOf(row, row.attempt_id);
  if (!provider.findSent || typeof outbound === 'string' || row.started_ms === null) return { outcome: 'unseen' };
  const since = new Date(row.started_ms - EARLIER_MS);
  try {
    const config = openConfig(box, {
      tenantId: row.tenant_id,
      id: row.account_id,
      config: row.config,
      credentials: row.credentials,
    });
    const found = await withDeadline(http, async (limited) => provider.findSent?.(outbound, since, config, limited));
    return found ? { outcome: 'found', externalId: found.externalId } : { outcome: 'unseen' };
  } catch {
    return { outcome: 'unseen' }; // asked again later, or passed
  }
}
