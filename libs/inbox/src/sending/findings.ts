import type { Address, SendResult } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import type { Refusal } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';
import type { AttemptNews } from './news';
import { retryDelayMs } from './retry-delay';
import type { News } from './transition';

/** What we found out about an attempt, before it is stored. */
export interface Finding {
  tenantId: string;
  accountId: string;
  provider: ProviderName;
  /** Open part of the account's config. */
  config: Record<string, unknown>;
  accountName: string;
  chatId: string;
  conversationId: string;
  /** Of a direct chat: whose new addresses an answer may reveal. */
  contactId: string | null;
  deliveryId: string;
  attemptId: string;
  /** Null: of a reaction. */
  messageId: string | null;
  /** Tries since it was queued, this one included. */
  tries: number;
  atMs: number;
  /** Of one that is looked up. */
  unknownSinceMs: number | null;
  outcome: SendResult | LookUpResult | { outcome: 'lapsed' };
}

export type LookUpResult =
  /** The provider has it. */
  | { outcome: 'found'; externalId: string }
  /** It does not, which proves nothing. */
  | { outcome: 'unseen' };

/** After so many ms of not knowing, the provider is asked; past the last one the chat goes on. */
const LOOKS_MS = [5_000, 15_000, 45_000];
const HOLD_MS = 60_000;

/** When to look next at something unknown since then; null: no more, its chat goes on. */
export function nextLookMs(finding: Pick<Finding, 'provider'>, sinceMs: number, nowMs: number): number | null {
  if (nowMs >= sinceMs + HOLD_MS) return null;
  const looks = 'findSent' in providerOf(finding.provider) ? LOOKS_MS : [];
  return sinceMs + (looks.find((look) => sinceMs + look > nowMs) ?? HOLD_MS);
}

/** A status that an id had got before its attempt was known. */
export interface Earlier {
  rank: number;
  atMs: number;
  reason?: Refusal | null;
  detail?: string | null;
}

/** A finding as news of its attempt. */
export function newsOf(finding: Finding, earlier: Earlier | null): AttemptNews {
  const { tenantId, attemptId, outcome, atMs } = finding;
  const base = { tenantId, attemptId, atMs, externalId: null, reason: null, detail: null };
  switch (outcome.outcome) {
    case 'accepted':
    case 'found': {
      const taken: Earlier = { rank: takenRank(finding), atMs };
      const {
        rank: status,
        reason = null,
        detail = null,
        atMs: at,
      } = earlier && earlier.rank > taken.rank ? earlier : taken;
      return {
        ...base,
        atMs: at,
        externalId: outcome.externalId,
        reason,
        detail,
        news: { is: 'status', rank: status },
      };
    }
    case 'refused':
      return { ...base, reason: outcome.reason, detail: outcome.detail, news: refusal(finding, outcome) };
    case 'unknown':
      return { ...base, detail: outcome.detail, news: lost(finding) };
    case 'lapsed':
      return { ...base, detail: 'the worker that sent it did not say how it ended', news: lost(finding) };
    case 'unseen': {
      const lookAtMs = nextLookMs(finding, finding.unknownSinceMs ?? atMs, atMs);
      return { ...base, news: lookAtMs === null ? { is: 'passed' } : { is: 'unseen', lookAtMs } };
    }
  }
}

/** Nothing more of the account passes until a person acts. */
export function stopsAccount(outcome: SendResult & { outcome: 'refused' }): boolean {
  return outcome.reason === 'auth' || (outcome.reason === 'plan' && !outcome.chatOnly);
}

/** `sent` is the provider's word that it left; who has no receipts says it with the 2xx. */
function takenRank({ provider, config }: Finding): number {
  return providerOf(provider).capabilities(config).receipts === 'none' ? rank.sent : rank.accepted;
}

function refusal({ tries, atMs }: Finding, { reason, retryAfterMs }: SendResult & { outcome: 'refused' }): News {
  const passes = reason === 'throttled' || reason === 'disconnected' || reason === 'provider';
  if (!passes) return { is: 'status', rank: rank.failed };
  return { is: 'refused', retryAtMs: atMs + (retryAfterMs ?? retryDelayMs(tries)) };
}

function lost(finding: Finding): News {
  const { atMs } = finding;
  return { is: 'status', rank: rank.unknown, lookAtMs: nextLookMs(finding, atMs, atMs) ?? atMs };
}

/** Addresses that an answer revealed of a direct chat. */
export function revealed({ outcome, contactId }: Finding): Address[] {
  return outcome.outcome === 'accepted' && contactId ? (outcome.addresses ?? []) : [];
}
