import type { Step } from '../world/chats';
import { draw, type CommonSettings } from '../world/settings';

/** Recipients that act only in +1 555 010 xxxx, by their last four digits (contract §7.7). */
export const magicOf = (phone: string | undefined): string =>
  phone && /^1555010\d{4}$/.test(phone) ? phone.slice(-4) : '';

/** How a message goes on once it left the instance. */
export function stepsOf(phone: string | undefined, settings: CommonSettings): Step[] {
  const { sent, delivered, read } = settings.statusDelaysMs;
  const step = (status: Step['status'], delay: typeof sent): Step => ({ status, afterMs: draw(delay) });
  const [isSent, isDelivered, isRead] = [step('sent', sent), step('delivered', delivered), step('read', read)];
  if (phone === undefined) return [isSent]; // a group
  switch (magicOf(phone)) {
    case '0410':
      return [{ ...isSent, status: 'failed', error: 0 }];
    case '0411':
      return [isSent];
    case '0412':
      return [isSent, { ...isRead, afterMs: isDelivered.afterMs }, { ...isDelivered, afterMs: isRead.afterMs }];
    default:
      return settings.readReceipts ? [isSent, isDelivered, isRead] : [isSent, isDelivered];
  }
}

/** Every notification of that chat comes twice. */
export const copiesFor = (phone: string | undefined, asked = 1) =>
  magicOf(phone) === '0413' ? Math.max(2, asked) : asked;
