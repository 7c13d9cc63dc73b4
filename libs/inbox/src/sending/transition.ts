import { deliveryRank as rank } from '@parley/db/delivery-rank';

/** A way out as it stands while its conversation is locked. */
export interface Standing {
  /** A rank; `sending` and `unknown` wait for the current attempt. */
  status: number;
  /** The one of its chat that may be sent now. Cleared: the next may. */
  head: boolean;
  /** The try that runs, or the last. */
  attemptId: string | null;
  attemptStatus: number;
  /** Greatest status by which another of its attempts proves to have gone out; 0: none does. */
  proven: number;
  /** Given up then. */
  expiresAtMs: number;
  /** Not before; when to look again at one of unknown outcome. Null: as it was. */
  dueAtMs: number | null;
}

/** What became known of one attempt. */
export type News =
  /** It reached a status: by the provider's word, or `unknown` by ours. `lookAtMs`: when to ask for an unknown one. */
  | { is: 'status'; rank: number; lookAtMs?: number }
  /** Certain that nothing was sent, and the reason passes. */
  | { is: 'refused'; retryAtMs: number }
  /** It was unknown for so long that its chat goes on without it. */
  | { is: 'passed' }
  /** Still unknown: ask again then. */
  | { is: 'unseen'; lookAtMs: number };

/** Whether a status means that the provider took it: a refused or lost one does not. */
export function provesSent(status: number): boolean {
  return status >= rank.accepted && status !== rank.failed;
}

/** What becomes of a way out by news of one of its attempts. In an attempt the greater status wins. */
export function afterNews(standing: Standing, attemptId: string, news: News): Standing {
  if (attemptId !== standing.attemptId) return afterOlder(standing, news);
  switch (news.is) {
    case 'status':
      return afterStatus(standing, news.rank, news.lookAtMs ?? null);
    case 'refused':
      return afterRefusal(standing, news.retryAtMs);
    case 'passed':
      return isHeldUnknown(standing) ? { ...standing, head: false } : standing;
    case 'unseen':
      return isHeldUnknown(standing) ? { ...standing, dueAtMs: news.lookAtMs } : standing;
  }
}

function afterStatus(standing: Standing, status: number, lookAtMs: number | null): Standing {
  if (status <= standing.attemptStatus) return standing;
  const next = { ...standing, attemptStatus: status };
  const sent = Math.max(standing.proven, provesSent(status) ? status : 0);
  if (sent) return { ...next, status: sent, head: false };
  if (standing.status === rank.queued) return next; // refused before, and queued again: it still waits
  if (status === rank.unknown) return standing.status === rank.sending ? { ...next, status, dueAtMs: lookAtMs } : next;
  return { ...next, status, head: false };
}

/** An older attempt that proves to have gone out ends the waiting, whatever a newer one is doing. */
function afterOlder(standing: Standing, news: News): Standing {
  if (news.is !== 'status' || !provesSent(news.rank) || news.rank <= standing.proven) return standing;
  const current = provesSent(standing.attemptStatus) ? standing.attemptStatus : 0;
  return { ...standing, proven: news.rank, status: Math.max(news.rank, current), head: false };
}

/** Tried again while its chat still waits for it and its time is not up. */
function afterRefusal(standing: Standing, retryAtMs: number): Standing {
  if (standing.attemptStatus > rank.unknown) return standing; // the provider said more than that already
  const next = { ...standing, attemptStatus: rank.failed };
  if (standing.status !== rank.sending && standing.status !== rank.unknown) return next;
  if (!standing.head || retryAtMs > standing.expiresAtMs) return { ...next, status: rank.failed, head: false };
  return { ...next, status: rank.queued, dueAtMs: retryAtMs };
}

function isHeldUnknown({ status, head }: Standing): boolean {
  return status === rank.unknown && head;
}
