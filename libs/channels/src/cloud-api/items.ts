import { createHash } from 'node:crypto';
import { peek, writeJson } from '../json-body';
import type { Fanout, Item, WebhookCall } from '../provider';
import { peekSeconds } from '../shapes';
import { findChat } from './identity';
import { unitsOf, type Unit } from './units';

/**
 * Cuts a call into items, each in an envelope of its own. What names no phone number concerns the whole business account:
 * it goes to all its numbers. Throws on what is no call of Meta's at all.
 */
export function itemsOf({ body }: WebhookCall): (Item & Partial<Fanout>)[] {
  const units = unitsOf(body);
  return units.map((unit) => {
    const written = units.length === 1 ? body : writeJson(unit.envelope());
    const { phoneNumberId, wabaId } = unit;
    const chat = chatIn(unit);
    const at = peekSeconds(peek(unit.data, 'timestamp')) ?? peekSeconds(unit.time);
    return {
      routingKey: phoneNumberId ?? '',
      ...(phoneNumberId === undefined && wabaId !== undefined && { groupKey: wabaId }),
      key: keyOf(unit, written),
      ...(chat !== undefined && { chat }),
      ...(at && { at }),
      body: written,
    };
  });
}

/** The same update comes with the same id for days, in batches of other neighbours. What has no id is known by its words. */
function keyOf(unit: Unit, body: Uint8Array): string {
  const account = unit.phoneNumberId ?? null;
  const id = peek(unit.data, 'id');
  if (typeof id === 'string' && (unit.kind === 'message' || unit.kind === 'echo')) {
    return JSON.stringify([account, unit.kind, id]);
  }
  const status = peek(unit.data, 'status');
  if (typeof id === 'string' && typeof status === 'string' && unit.kind === 'status') {
    const member =
      peek(unit.data, 'recipient_participant_id') ?? peek(unit.data, 'recipient_participant_user_id') ?? '';
    return JSON.stringify([account, unit.kind, id, status, member]);
  }
  const digest = createHash('sha256').update(body).digest('hex');
  return JSON.stringify([account, unit.wabaId ?? null, unit.kind, unit.field, digest]);
}

const withChat = new Set<Unit['kind']>(['message', 'echo', 'status', 'group']);

function chatIn(unit: Unit): string | undefined {
  const chat = withChat.has(unit.kind) ? findChat(unit) : undefined;
  return chat?.kind === 'group' ? chat.externalId : chat?.addresses[0].address;
}
