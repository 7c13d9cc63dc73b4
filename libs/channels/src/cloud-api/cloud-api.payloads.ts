import { z } from 'zod';
import { ExternalId, Numeric, OptionalText, UnixSeconds } from '../shapes';

/** Shapes of Meta's webhooks, as far as we read them. All are loose: fields, types and kinds appear without notice. */

const OptionalId = z.string().max(512).nullish();

/** Of an error; some hold only code and title. */
export const GraphError = z.looseObject({
  code: Numeric,
  title: OptionalText,
  message: OptionalText,
  error_data: z.looseObject({ details: OptionalText }).nullish(),
});
export type GraphError = z.infer<typeof GraphError>;

export const Context = z.looseObject({
  id: OptionalId,
  from: OptionalId,
  from_user_id: OptionalId,
  forwarded: z.boolean().nullish(),
  frequently_forwarded: z.boolean().nullish(),
});

/** An element of `messages` or `message_echoes`. `type` names the sibling that holds the content. */
export const CloudMessage = z.looseObject({
  id: ExternalId,
  timestamp: UnixSeconds,
  type: z.string(),
  context: Context.nullish(),
});
export type CloudMessage = z.infer<typeof CloudMessage>;

export const Status = z.looseObject({
  id: ExternalId,
  status: z.string(),
  timestamp: UnixSeconds,
  biz_opaque_callback_data: z.string().max(512).nullish(),
  errors: z.array(GraphError).nullish(),
});

export const Reaction = z.looseObject({ message_id: ExternalId, emoji: z.string().nullish() });
export const Edit = z.looseObject({ original_message_id: ExternalId, message: z.looseObject({ type: z.string() }) });
export const Revoke = z.looseObject({ original_message_id: ExternalId });

/** `wa_id` is the new number; `from` of the message, in older versions `customer`, the old one. */
export const SystemNotice = z.looseObject({
  type: z.string(),
  wa_id: OptionalId,
  new_wa_id: OptionalId,
  user_id: OptionalId,
  customer: OptionalId,
});

export const Profile = z.looseObject({
  profile: z.looseObject({ name: OptionalText, username: OptionalText }).nullish(),
});

/** An element of `state_sync`: the address book of the phone app. */
export const AddressBookEntry = z.looseObject({
  contact: z
    .looseObject({ full_name: OptionalText, first_name: OptionalText, phone_number: OptionalId, user_id: OptionalId })
    .nullish(),
  action: z.string().nullish(),
});

export const UserIdUpdate = z.looseObject({
  wa_id: OptionalId,
  user_id: z.looseObject({ previous: ExternalId, current: ExternalId }),
  timestamp: UnixSeconds,
});

/** Participants that left may be named by `input` alone. */
const GroupMember = z.looseObject({
  wa_id: OptionalId,
  input: OptionalId,
  user_id: OptionalId,
  username: OptionalText,
});
export type GroupMember = z.infer<typeof GroupMember>;
export const GroupUpdate = z.looseObject({
  group_id: OptionalId,
  type: z.string(),
  subject: OptionalText,
  timestamp: UnixSeconds,
  added_participants: z.array(GroupMember).nullish(),
  removed_participants: z.array(GroupMember).nullish(),
});

export const AccountUpdate = z.looseObject({
  event: z.string(),
  ban_info: z.looseObject({ waba_ban_state: OptionalText, waba_ban_date: OptionalText }).nullish(),
});
export const AccountReview = z.looseObject({ decision: z.string() });
