import { z } from 'zod';
import { peek } from '../json-body';
import { OptionalNumber, OptionalText, UnixSeconds } from '../shapes';

/** Shapes of GREEN-API's notifications, as far as we read them. All are loose: fields appear without notice. */

const ChatId = z.string().min(1).max(200);
/** With its chat before it, it must fit an index of ours. */
const IdMessage = z.string().min(1).max(300);
const OptionalId = ChatId.nullish().transform((id) => id || undefined);

/** Who may be whom: `sender` is the own number in our own messages. */
const SenderData = z.looseObject({
  chatId: ChatId,
  chatName: OptionalText,
  sender: ChatId.nullish().transform((sender) => sender || undefined),
  senderName: OptionalText,
  senderContactName: OptionalText,
});

/** `messageData`; `typeMessage` names the sibling that holds the content. */
export const MessageData = z.looseObject({
  typeMessage: z.string().max(100),
  quotedMessage: z.unknown().optional(),
});
export type MessageData = z.infer<typeof MessageData>;

/** `incomingMessageReceived`, `outgoingMessageReceived`, `outgoingAPIMessageReceived`. */
export const Message = z.looseObject({
  timestamp: UnixSeconds,
  idMessage: IdMessage,
  senderData: SenderData,
  messageData: MessageData,
});
export type Message = z.infer<typeof Message>;

export const Status = z.looseObject({
  chatId: OptionalId,
  timestamp: UnixSeconds,
  idMessage: IdMessage,
  status: z.string(),
  description: OptionalText,
});

/** The message that a reply, a reaction or a tap is about, wherever it is named. */
export const Target = z.looseObject({ stanzaId: IdMessage, participant: OptionalId.catch(undefined) });

export const Call = z.looseObject({
  from: ChatId,
  timestamp: UnixSeconds,
  idMessage: IdMessage,
  status: z.string().nullish(), // missing in some (seen in real payloads)
  isVideo: z.boolean().nullish().catch(null),
});

export const StateChange = z.looseObject({ stateInstance: z.string() });
export const Quota = z.looseObject({ quotaData: z.looseObject({ method: z.string().nullish() }) });

/** All but where it is fetched may be missing. */
export const FileData = z.looseObject({
  downloadUrl: z.string(),
  caption: OptionalText,
  fileName: OptionalText,
  mimeType: OptionalText,
  fileSize: OptionalNumber,
});

/** A mark of ours on what was asked for and did not come by itself. */
export const PAST = 'parleyPast';

/** Our name for what no notification tells: a group, as it was asked for. */
export const GROUP_ASKED = 'parleyGroup';

const Member = z.looseObject({
  id: ChatId,
  isAdmin: z.boolean().nullish().catch(null),
  isSuperAdmin: z.boolean().nullish().catch(null),
});
/** `getGroupData`. WhatsApp's communities end at 5,000 people. */
export const GroupData = z.looseObject({
  groupId: ChatId,
  subject: OptionalText.catch(null),
  participants: z.array(Member).max(5000),
});

/** "true" and true are both written. */
export const isTrue = (value: unknown) => value === true || value === 'true';

/** The first of these that is there. */
export const inside = (data: unknown, ...names: string[]): unknown => {
  for (const name of names) {
    const found = peek(data, name);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
};
