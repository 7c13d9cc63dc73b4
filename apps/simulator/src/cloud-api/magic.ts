import type { Step } from '../world/chats';
import { draw } from '../world/settings';
import { brokenEdge, GraphError, locked, numberLimit, pairLimit, tokenMissing, wentWrong } from './errors';
import type { CloudSettings } from './state';

/** Recipients that act only in +1 555 010 xxxx, by their last four digits (contract §7). */
export const magicOf = (phone: string | undefined): string =>
  phone && /^1555010\d{4}$/.test(phone) ? phone.slice(-4) : '';

const asyncFailures: Record<string, number> = {
  '9026': 131026,
  '9047': 131047,
  '9049': 131049,
  '9050': 131050,
  '9053': 131053,
};

/** What becomes of an accepted message. `failure` is an error that is known already. */
export function stepsOf(phone: string | undefined, kind: string, settings: CloudSettings, failure?: number): Step[] {
  const delays = settings.statusDelaysMs;
  const step = (status: 'sent' | 'delivered' | 'read' | 'played'): Step => ({ status, afterMs: draw(delays[status]) });
  const magic = magicOf(phone);
  const error = failure ?? asyncFailures[magic];
  if (error) return [{ status: 'failed', afterMs: draw(delays.sent), error }];
  if (kind === 'reaction' || magic === '9001') return [step('sent')];
  if (magic === '9000' || !settings.readReceipts) return [step('sent'), step('delivered')];
  return kind === 'voice'
    ? [step('sent'), step('delivered'), step('read'), step('played')]
    : [step('sent'), step('delivered'), step('read')];
}

/** Refusals at once. Those that pass do so after a number of tries, and start anew afterwards. */
export class MagicRefusals {
  private readonly tries = new Map<string, number>();

  /** Throws what this recipient is known for. */
  check(lineRef: string, phone: string | undefined): void {
    const magic = magicOf(phone);
    const passing: Record<string, [number, () => GraphError]> = {
      '9056': [2, pairLimit],
      '9029': [2, numberLimit],
      '9500': [1, wentWrong],
    };
    const [times, refusal] = passing[magic] ?? [];
    if (times && refusal && this.failsAgain(`${lineRef} ${phone}`, times)) throw refusal();
    if (magic === '9131') throw locked();
    if (magic === '9190') throw tokenMissing();
    if (magic === '9503') throw brokenEdge();
  }

  clear(): void {
    this.tries.clear();
  }

  private failsAgain(key: string, times: number): boolean {
    const tries = this.tries.get(key) ?? 0;
    if (tries < times) this.tries.set(key, tries + 1);
    else this.tries.delete(key);
    return tries < times;
  }
}
