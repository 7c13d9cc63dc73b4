import type { ChannelEvent } from '../provider';
import { peek } from '../json-body';
import {
  AccountReview,
  AccountUpdate,
  AddressBookEntry,
  GraphError,
  GroupUpdate,
  UserIdUpdate,
  type GroupMember,
} from './cloud-api.payloads';
import { standingOf } from './errors';
import { addressesOf } from './identity';
import type { Unit } from './units';
import { Unreadable } from '../unreadable';

type AccountChange = Extract<ChannelEvent, { type: 'account.changed' }>;

/** Fields without a list: what happens to the account. Those that are not named here are for Meta's own dashboard. */
export function toAccountEvent({ field, data }: Unit): ChannelEvent[] {
  switch (field) {
    case 'account_update':
      return toAccountUpdate(data);
    case 'account_review_update':
      return toReview(data);
    case 'message_template_status_update':
      // Meta's own sample of a quality update comes under this field.
      return peek(data, 'new_quality_score') === undefined ? [{ type: 'templates.changed' }] : [];
    case 'message_template_components_update':
    case 'template_category_update':
      return [{ type: 'templates.changed' }];
    default:
      return [];
  }
}

function toAccountUpdate(data: unknown): ChannelEvent[] {
  const { event, ban_info } = AccountUpdate.parse(data);
  switch (event) {
    case 'DISABLED_UPDATE':
      return toBan(ban_info?.waba_ban_state ?? null, ban_info?.waba_ban_date ?? null);
    case 'ACCOUNT_RESTRICTION':
      return [
        changed(
          'restricted',
          'WhatsApp restricts what this account may send. Business Support at Meta shows why and for how long.',
        ),
      ];
    case 'ACCOUNT_VIOLATION': // a warning: sends go on
      return [
        changed(
          'connected',
          'WhatsApp reports that this account broke its policy. Read why in Business Support at Meta before it is blocked.',
        ),
      ];
    case 'ACCOUNT_DELETED':
      return [changed('needs_reauth', 'The WhatsApp Business account was deleted at Meta. Connect another one.')];
    case 'PARTNER_REMOVED':
      return [
        changed(
          'needs_reauth',
          'The WhatsApp Business account is no longer shared with our app. Share it again at Meta, then enter a new token.',
        ),
      ];
    default:
      return [];
  }
}

function toBan(state: string | null, date: string | null): ChannelEvent[] {
  switch (state) {
    case 'REINSTATE':
      return [changed('connected')];
    case 'SCHEDULE_FOR_DISABLE': {
      const day = date === null ? 'soon' : `on ${date}`;
      return [
        changed('connected', `WhatsApp will block this account ${day}. Ask for a review in Business Support at Meta.`),
      ];
    }
    default:
      return [changed('restricted', 'WhatsApp blocked this account. Ask for a review in Business Support at Meta.')];
  }
}

function toReview(data: unknown): ChannelEvent[] {
  const { decision } = AccountReview.parse(data);
  if (decision === 'APPROVED') return [changed('connected')];
  if (decision !== 'REJECTED') return [];
  return [changed('restricted', 'WhatsApp turned this business account down. Business Support at Meta shows why.')];
}

/** An element of `errors` beside messages: trouble of the number or the app. What passes by itself is no news. */
export function toTrouble({ data }: Unit): ChannelEvent[] {
  const standing = standingOf(GraphError.parse(data).code);
  return standing ? [changed(standing.state, standing.detail)] : [];
}

function changed(state: AccountChange['state'], detail?: string): AccountChange {
  return { type: 'account.changed', state, ...(detail !== undefined && { detail }) };
}

/** An element of `state_sync`: a name in the phone's own address book. */
export function toContactName({ data }: Unit): ChannelEvent[] {
  const { contact, action } = AddressBookEntry.parse(data);
  const name = contact?.full_name ?? contact?.first_name;
  const [first, ...others] = addressesOf([contact?.phone_number ?? undefined], [contact?.user_id ?? undefined]);
  if (!name || !first || action === 'remove') return [];
  return [{ type: 'contact.named', addresses: [first, ...others], name }];
}

/** An element of `user_id_update`. */
export function toUserId({ data }: Unit): ChannelEvent[] {
  const { wa_id, user_id, timestamp } = UserIdUpdate.parse(data);
  const [first, ...others] = addressesOf([wa_id ?? undefined], [user_id.current]);
  if (!first) throw new Unreadable('A changed user id names nobody');
  return [
    {
      type: 'contact.linked',
      known: { kind: 'bsuid', address: user_id.previous },
      now: [first, ...others],
      at: timestamp,
    },
  ];
}

/** An element of `groups`. Requests to join, and creations that failed, change nothing that is shown. */
export function toGroup({ data }: Unit): ChannelEvent[] {
  const update = GroupUpdate.parse(data);
  if (!update.group_id) return [];
  const chat = { kind: 'group', externalId: update.group_id } as const;
  switch (update.type) {
    case 'group_create':
      return update.subject === null ? [] : [{ type: 'chat.renamed', chat, title: update.subject }];
    case 'group_participants_add':
    case 'group_participants_remove': {
      const action = update.type === 'group_participants_add' ? 'add' : 'remove';
      const members = (action === 'add' ? update.added_participants : update.removed_participants) ?? [];
      if (members.length === 0) return [];
      return [{ type: 'participants.changed', chat, action, members: members.map(memberOf), at: update.timestamp }];
    }
    default:
      return [];
  }
}

function memberOf({ wa_id, input, user_id, username }: GroupMember) {
  const name = username?.replace(/^@/, '');
  return { addresses: addressesOf([wa_id ?? input ?? undefined], [user_id ?? undefined]), ...(name && { name }) };
}
