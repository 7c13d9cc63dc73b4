import { AppError } from '@parley/platform/app-error';
import type { RateLimits } from '@parley/platform/rate-limits';

/** Nobody is pestered with mails, nor is a tenant's name, or the install's, a way to send them to many. Throws `rate_limited`. */
export async function assertWelcome(limits: RateLimits, tenantId: string, email: string): Promise<void> {
  for (const [name, key, limit] of [
    ['invitation', email, 5],
    ['invitation-tenant', tenantId, 200],
  ] as const) {
    const { allowed, resetMs } = await limits.take(name, key, { limit, windowMs: 3_600_000 });
    if (!allowed)
      throw new AppError('rate_limited', 'Enough invitations went out for this hour.', { retryAfterMs: resetMs });
  }
}
