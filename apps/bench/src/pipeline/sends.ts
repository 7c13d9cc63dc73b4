import type { Check } from '../case';
import type { Accepted, SendReport } from '../load/send-plan';
import type { ProviderCall } from '../provider/run-provider';

/** What became of answers: what was accepted, joined with what the provider saw. Of the time after the warm-up, ms. */
export interface SendsSeen {
  /** Calls that came in after the warm-up, and from its end to the last of them. */
  calls: number;
  seconds: number;
  accept: number[];
  /** From the moment an answer was meant for to its call. */
  arrival: { account: number; ms: number }[];
  checks: Check[];
}

/** `dead`: accounts whose calls fail, of which nothing is demanded but that nobody is written to twice. */
export function joinSends(
  { accepted, refused, firstRefusal, warmAt }: SendReport,
  calls: ProviderCall[],
  dead: number[] = [],
): SendsSeen {
  const byText = new Map<string, ProviderCall[]>();
  for (const call of calls) byText.set(call.text, [...(byText.get(call.text) ?? []), call]);
  const alive = accepted.filter(({ account }) => !dead.includes(account));
  const missing = alive.filter(({ text }) => !byText.has(text));
  const answered = [...byText.values()].map((own) => own.filter((call) => call.answered).length);
  const counted = accepted.filter(({ intendedAt }) => intendedAt >= warmAt);
  const late = calls.filter(({ at }) => at >= warmAt);
  const last = late.reduce((latest, { at }) => Math.max(latest, at), warmAt);
  return {
    calls: late.length,
    seconds: (last - warmAt) / 1000,
    accept: counted.map(({ acceptedAt, intendedAt }) => acceptedAt - intendedAt),
    arrival: counted.flatMap(({ text, account, intendedAt }) => {
      const [call] = byText.get(text) ?? [];
      return call ? [{ account, ms: call.at - intendedAt }] : [];
    }),
    checks: [
      zero(`answers refused at the api${firstRefusal && ` (${firstRefusal})`}`, refused),
      zero('accepted and never called for', missing.length),
      zero(
        'called for twice',
        answered.reduce((sum, times) => sum + Math.max(0, times - 1), 0),
      ),
      zero('calls that overtook an earlier one of their chat', overtakings(alive, byText)),
    ],
  };
}

const zero = (what: string, value: number): Check => ({ what, value, ok: value === 0 });

function overtakings(accepted: Accepted[], calls: Map<string, ProviderCall[]>): number {
  const last = new Map<number, number>();
  let count = 0;
  for (const { chat, text } of accepted.toSorted((a, b) => a.place - b.place)) {
    const [call] = calls.get(text) ?? [];
    if (!call) continue;
    if (call.at < (last.get(chat) ?? 0)) count++;
    last.set(chat, Math.max(call.at, last.get(chat) ?? 0));
  }
  return count;
}

/** The greatest number of calls within any window of this length. */
export function mostWithin(calls: ProviderCall[], windowMs: number): number {
  const times = calls.map((call) => call.at).sort((a, b) => a - b);
  let [from, most] = [0, 0];
  for (const [to, at] of times.entries()) {
    while ((times[from] ?? at) <= at - windowMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
