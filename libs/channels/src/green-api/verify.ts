import { sameSecret } from '../constant-time';
import type { Secrets, WebhookCall } from '../provider';

/**
 * Nothing is signed: the token that we set comes back in the header, after "Bearer " as the vendor's own servers read it, or
 * as it was set (contract §2.1).
 */
export function isAuthentic({ headers }: WebhookCall, secrets: Secrets): boolean {
  const given = headers.authorization;
  return secrets.some(
    ({ webhookUrlToken }) =>
      Boolean(webhookUrlToken) &&
      [webhookUrlToken, `Bearer ${webhookUrlToken}`].some((expected) => sameSecret(given, expected)),
  );
}
