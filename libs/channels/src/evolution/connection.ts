import type { ChannelEvent } from '../provider';
import { addressOf } from '../whatsapp-jid';
import { ConnectionUpdate, InstanceStatus, QrUpdate } from './evolution.payloads';

type AccountChange = Extract<ChannelEvent, { type: 'account.changed' }>;
/** What there is to say about an account that does not simply work. */
export type Trouble = Pick<AccountChange, 'state' | 'detail'>;

const loggedOut: Trouble = {
  state: 'needs_qr',
  detail: 'The phone ended this login. Scan the code again to connect.',
};
const codeExpired: Trouble = {
  state: 'needs_qr',
  detail: 'The login code was not scanned in time. Ask for a new one.',
};
const gone: Trouble = {
  state: 'needs_reauth',
  detail: 'The instance is gone from the Evolution server. Create it there again, or enter the name of another.',
};

/** WhatsApp's reasons to close a connection (contract §3.8); any other passes, or shows as `connecting`. */
const reasons: Record<number, Trouble> = {
  401: loggedOut,
  402: {
    state: 'needs_qr',
    detail: 'WhatsApp restricted this number. Open WhatsApp on the phone to see why, then scan the code again.',
  },
  403: {
    state: 'restricted',
    detail: 'WhatsApp blocked this number. Open WhatsApp on the phone to see why and to ask for a review.',
  },
  406: {
    state: 'needs_qr',
    detail: 'WhatsApp restricted this number. Open WhatsApp on the phone to see why, then scan the code again.',
  },
  428: codeExpired,
  440: {
    state: 'disconnected',
    detail: 'Another program took over this login. Stop it there, or the two keep pushing each other out.',
  },
};

const dropped: Trouble = {
  state: 'disconnected',
  detail: 'The server lost its connection to WhatsApp. If it is not back in some minutes, restart the instance.',
};

/** `connection.update`. */
export function toConnection(data: unknown): ChannelEvent[] {
  const { state, statusReason, wuid } = ConnectionUpdate.parse(data);
  switch (state) {
    case 'open': {
      const own = wuid ? addressOf(wuid) : undefined;
      return [changed({ state: 'connected' }, own?.kind === 'phone' ? own.address : undefined)];
    }
    case 'connecting':
      return [changed({ state: 'connecting' })];
    case 'close':
      return [changed(closed(statusReason, dropped))];
    case 'refused':
      return [changed(closed(statusReason, codeExpired))];
    default:
      return [];
  }
}

/** `status.instance`. */
export function toInstanceStatus(data: unknown): ChannelEvent[] {
  const { status, disconnectionReasonCode } = InstanceStatus.parse(data);
  return status === 'closed' ? [changed(closed(disconnectionReasonCode, dropped))] : [];
}

/** `qrcode.updated`: a code to scan, or the word that there are no more. */
export function toQr(data: unknown): ChannelEvent[] {
  const { qrcode } = QrUpdate.parse(data);
  if (!qrcode?.base64) return [changed(codeExpired)];
  const qr = { image: qrcode.base64, pairingCode: qrcode.pairingCode || null };
  return [{ type: 'account.changed', state: 'needs_qr', qr }];
}

export const toLogout = (): ChannelEvent[] => [changed(loggedOut)];
export const toGone = (): ChannelEvent[] => [changed(gone)];

/** What the server answers about itself, `reason` where it keeps one. Null: nothing that we know. */
export function standingOf(state: unknown, reason: number | null): Trouble | null {
  if (state === 'open') return { state: 'connected' };
  if (state === 'connecting') return { state: 'connecting' };
  return state === 'close' ? closed(reason, dropped) : null;
}

const closed = (reason: number | null, otherwise: Trouble) =>
  reason === null ? otherwise : (reasons[reason] ?? otherwise);

function changed(trouble: Trouble, address?: string): AccountChange {
  return { type: 'account.changed', ...trouble, ...(address !== undefined && { address }) };
}
