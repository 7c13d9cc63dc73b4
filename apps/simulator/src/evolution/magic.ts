import type { Step } from '../world/chats';
import type { CommonSettings } from '../world/settings';
import { draw } from '../world/settings';

/** Recipients that act only in +1 555 010 xxxx, by their last four digits (contract §7.7). */
export const magicOf = (phone: string | undefined): string =>
  phone && /^1555010\d{4}$/.test(phone) ? phone.slice(-4) : '';

/** How a message goes on after the server took it. */
export function stepsOf(phone: string | undefined, kind: string, settings: CommonSettings): Step[] {
  const { sent, delivered, read, played } = settings.statusDelaysMs;
  const step = (status: Step['status'], delay: typeof sent): Step => ({ status, afterMs: draw(delay) });
  const [isSent, isDelivered, isRead] = [step('sent', sent), step('delivered', delivered), step('read', read)];
  switch (magicOf(phone)) {
    case '0410':
      return [{ ...isSent, status: 'failed', error: 0 }];
    case '0411':
      return [isSent];
    case '0412':
      return [isSent, { ...isRead, afterMs: isDelivered.afterMs }, { ...isDelivered, afterMs: isRead.afterMs }];
    default: {
      if (!settings.readReceipts) return [isSent, isDelivered];
      return kind === 'voice' ? [isSent, isDelivered, isRead, step('played', played)] : [isSent, isDelivered, isRead];
    }
  }
}

/** Customers who look at the phone: what reached them counts as received whatever is told about it. */
export const reachesCustomer = (phone: string | undefined) => magicOf(phone) !== '0410';

/** Every webhook of that chat arrives twice. */
export const copiesFor = (phone: string | undefined, asked = 1) =>
  magicOf(phone) === '0413' ? Math.max(2, asked) : asked;

/** Answers come from a LID without any number. */
export const isNumberless = (phone: string | undefined) => magicOf(phone) === '0414';
