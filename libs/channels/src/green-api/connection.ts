import type { ChannelEvent } from '../provider';
import { Quota, StateChange } from './green-api.payloads';

type AccountChange = Extract<ChannelEvent, { type: 'account.changed' }>;
/** What there is to say about an account that does not simply work. */
export type Trouble = Pick<AccountChange, 'state' | 'detail'>;

/** By `stateInstance` (contract §1.2). */
const states: Record<string, Trouble> = {
  authorized: { state: 'connected' },
  notAuthorized: {
    state: 'needs_qr',
    detail: 'No phone is linked to this instance. Scan the code with WhatsApp to connect.',
  },
  pendingCode: { state: 'connecting' },
  starting: {
    state: 'connecting',
    detail: 'The instance is starting, which takes up to five minutes. If it takes longer, restart it in the console.',
  },
  sleepMode: { state: 'connecting' },
  // It still receives, and old chats still go.
  suspended: restricted(),
  yellowCard: restricted(),
  blocked: {
    state: 'restricted',
    detail: 'WhatsApp blocked this number. Open WhatsApp on the phone to see why and to ask for a review.',
  },
};

function restricted(): Trouble {
  return {
    state: 'connected',
    detail:
      'WhatsApp restricts what this number may send, often to people who have not written before. Write to nobody new until it is over.',
  };
}

/** `undefined`: a state that is not known. */
export function standingOf(stateInstance: unknown): Trouble | undefined {
  return typeof stateInstance === 'string' && Object.hasOwn(states, stateInstance) ? states[stateInstance] : undefined;
}

/** `stateInstanceChanged`. */
export function toConnection(call: object, address: string | undefined): ChannelEvent[] {
  const trouble = standingOf(StateChange.parse(call).stateInstance);
  if (!trouble) return [];
  const own = trouble.state === 'connected' && address !== undefined && { address };
  return [{ type: 'account.changed', ...trouble, ...own }];
}

/** The vendor also sells instances of other messengers, whose notifications have other shapes: nothing else tells of it. */
export const toForeign = (): ChannelEvent[] => [
  {
    type: 'account.noted',
    detail:
      'This instance is not one of WhatsApp, so nothing of it is shown. Connect a WhatsApp instance of GREEN-API.',
  },
];

/** `quotaExceeded`; older servers say it under `incomingBlock`. It says nothing of the connection. */
export function toQuota(call: object): ChannelEvent[] {
  const { quotaData } = Quota.parse(call);
  const what =
    quotaData.method === 'correspondents'
      ? 'The GREEN-API plan allows no more chats this month. Choose a larger plan in the console to write to others.'
      : 'The GREEN-API plan of this month is used up. Choose a larger plan in the console.';
  return [{ type: 'account.noted', detail: what }];
}
