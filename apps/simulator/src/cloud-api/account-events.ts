import { ControlError } from '../provider';
import type { Receive } from '../receive';
import type { About } from '../world/journal';
import { nameFor } from '../world/names';
import { metadataOf } from './inbound';
import { senderFields } from './inbound-wire';
import type { People } from './people';
import type { Line, State } from './state';
import type { MetaWebhooks } from './webhooks';
import { waIdOf } from './people';

type Json = Record<string, unknown>;

const nothing: About[] = [{ what: 'other', externalId: null, chat: null }];

/** Webhooks that are not about a message: of the number, of its WABA, of a customer's wishes (contract §3.6 to §3.8). */
export class AccountEvents {
  constructor(
    private readonly state: State,
    private readonly people: People,
    private readonly webhooks: MetaWebhooks,
  ) {}

  /** Any field with any value; those of a number get its metadata where it is missing. */
  any(line: Line, { event: field = 'account_update', data, dup }: Receive): void {
    const value = (typeof data === 'object' && data !== null ? data : defaults(field, line)) as Json;
    if (field === 'messages') this.ofNumber(line, field, value);
    else this.ofWaba(line, field, value, dup);
  }

  ofWaba(line: Line, field: string, value: Json, copies = 1): void {
    const time = this.state.world.clock.nowSeconds();
    void this.webhooks.emit({
      line,
      field,
      value,
      about: nothing,
      time,
      copies,
      lines: this.state.linesOf(line.wabaId),
    });
  }

  /** A customer wants no more marketing, or wants it again. */
  preference(line: Line, { from = '', state = 'stop' }: Receive): void {
    const chat = this.people.chat(line, from);
    const timestamp = this.state.world.clock.nowSeconds();
    const preference = {
      wa_id: chat.key,
      detail: `User requested to ${state} marketing messages`,
      category: 'marketing_messages',
      value: state,
      timestamp,
    };
    this.ofNumber(line, 'user_preferences', { contacts: [{ wa_id: chat.key }], user_preferences: [preference] });
  }

  /** The customer's user id is another one from now on. */
  userIdUpdate(line: Line, { from = '', id }: Receive): void {
    const chat = this.people.chat(line, from);
    const previous = this.people.userIdOf(line, chat);
    const current = id ?? `${previous.slice(0, 3)}${[...previous.slice(3)].reverse().join('')}`;
    this.people.rename(line, chat, current);
    const timestamp = String(this.state.world.clock.nowSeconds());
    const update = {
      ...(!chat.hidden && { wa_id: chat.key }),
      detail: 'User ID changed',
      user_id: { previous, current },
      timestamp,
    };
    const { contact } = senderFields(this.state, this.people, line, chat);
    this.ofNumber(line, 'user_id_update', { contacts: [contact], user_id_update: [update] });
  }

  /** Members of a group come and go. */
  participants(line: Line, { group: id = '', action, participants = [] }: Receive): void {
    const { chats } = this.state.world;
    const chat = chats.find(line, id) ?? [...chats.of(line)].find((each) => each.group && each.name === id);
    if (!chat?.group) throw new ControlError(404, `No group "${id}"; a member's first message makes one`);
    if (action !== 'add' && action !== 'remove')
      throw new ControlError(422, 'Groups of Cloud API have no admins to change');
    const phones = participants.map((phone) => waIdOf(phone.replace(/\D/g, '')));
    const others = chat.group.members.filter((member) => !phones.includes(member.phone));
    const members =
      action === 'add'
        ? [...others, ...phones.map((phone) => ({ phone, name: nameFor(phone), admin: false }))]
        : others;
    chats.change(chat, { group: { ...chat.group, members } });
    const list = action === 'add' ? 'added_participants' : 'removed_participants';
    const reason = action === 'add' ? { reason: 'invite_link' } : {};
    const timestamp = String(this.state.world.clock.nowSeconds());
    const entry = {
      timestamp,
      group_id: chat.key,
      type: `group_participants_${action}`,
      ...reason,
      [list]: phones.map((wa_id) => ({ wa_id })),
    };
    this.ofNumber(line, 'group_participants_update', { groups: [entry] });
  }

  private ofNumber(line: Line, field: string, value: Json): void {
    void this.webhooks.emit({
      line,
      field,
      value: { messaging_product: 'whatsapp', metadata: metadataOf(line), ...value },
      about: nothing,
    });
  }
}

function defaults(field: string, line: Line): Json {
  const display_phone_number = line.phone;
  const known: Record<string, Json> = {
    account_update: {
      event: 'DISABLED_UPDATE',
      ban_info: { waba_ban_state: 'DISABLE', waba_ban_date: 'January 5, 2026' },
    },
    account_review_update: { decision: 'APPROVED' },
    phone_number_quality_update: {
      display_phone_number,
      event: 'THROUGHPUT_UPGRADE',
      max_daily_conversations_per_business: 'TIER_UNLIMITED',
    },
    phone_number_name_update: {
      display_phone_number,
      decision: 'APPROVED',
      requested_verified_name: line.name,
      rejection_reason: null,
    },
    business_capability_update: { max_daily_conversations_per_business: 2000, max_phone_numbers_per_waba: 25 },
    security: { display_phone_number, event: 'PIN_RESET_REQUEST', requester: '61550000000001' },
  };
  return known[field] ?? {};
}
