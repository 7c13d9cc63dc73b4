import { z } from 'zod';
import { peek } from '../json-body';
import { ExternalId, OptionalNumber, OptionalText, UnixMs, UnixSeconds } from '../shapes';

/** Shapes of Evolution's webhooks (v2, Baileys), as far as we read them. All are loose: fields appear without notice. */

const Jid = z.string().max(200);
const OptionalJid = Jid.nullish();

/** One webhook. `sender` is the account's own JID, absent before login; `data` differs by event. */
export const Envelope = z.looseObject({
  event: z.string(),
  data: z.unknown().optional(),
  sender: OptionalJid.catch(null),
});
export type Envelope = z.infer<typeof Envelope>;

/** "messages.upsert", "MESSAGES_UPSERT" and "messages-upsert" are one name. */
export function eventName(event: string): string {
  return event.toUpperCase().replace(/[.-]/g, '_');
}

/** Most events carry one object, some versions an array of them. */
export function each(data: unknown): unknown[] {
  return Array.isArray(data) ? data : [data];
}

/** Which message. Who is meant is told by one of many fields, by version (see identity.ts). */
export const Key = z.looseObject({
  remoteJid: Jid,
  id: ExternalId,
  fromMe: z.boolean().nullish(),
  remoteJidAlt: OptionalJid,
  senderPn: OptionalJid,
  senderLid: OptionalJid,
  previousRemoteJid: OptionalJid,
  participant: OptionalJid,
  participantAlt: OptionalJid,
  participantPn: OptionalJid,
  participantLid: OptionalJid,
});
export type Key = z.infer<typeof Key>;

const Body = z.looseObject({});

export const ContextInfo = z.looseObject({
  stanzaId: z.string().max(512).nullish(),
  participant: OptionalJid,
  quotedMessage: Body.nullish(),
  isForwarded: z.boolean().nullish(),
  forwardingScore: OptionalNumber,
});

/** A mark of ours on what was asked for and did not come by itself. */
export const PAST = 'parleyPast';

/** `messages.upsert` and `send.message`. */
export const WaMessage = z.looseObject({
  key: Key,
  message: Body,
  pushName: OptionalText,
  contextInfo: z.unknown().optional(),
  messageTimestamp: UnixSeconds,
});
export type WaMessage = z.infer<typeof WaMessage>;

/** A stub says that something happened in the chat, or that a message could not be decrypted: there is nothing to show. */
export function isStub(data: unknown): boolean {
  return peek(data, 'message') == null && peek(data, 'messageStubType') != null;
}

/** `messages.edited`: a protocol message. Type 14 is an edit; revokes and notices of WhatsApp's own go by the same name. */
export const ProtocolMessage = z.looseObject({
  type: z.union([z.number(), z.string()]).nullish(),
  editedMessage: z.unknown().optional(),
});
export const Edit = z.looseObject({
  key: z.looseObject({ id: ExternalId }),
  editedMessage: Body,
  timestampMs: UnixMs,
});

/** `messages.delete`: the key itself, or (deleted through the API) Evolution's row with the key inside. */
export const Deletion = z.union([
  z.looseObject({ key: z.looseObject({ id: ExternalId }) }).transform(({ key }) => key.id),
  z.looseObject({ id: ExternalId }).transform(({ id }) => id),
]);

/** `messages.update`. `status` may be missing; the version with `message` is an edit's shadow. */
export const StatusUpdate = z.looseObject({
  keyId: ExternalId,
  fromMe: z.boolean().nullish(),
  status: z.union([z.string(), z.number()]).nullish(),
  message: z.unknown().optional(),
  pollUpdates: z.unknown().optional(),
});

export const Presence = z.looseObject({
  id: Jid,
  presences: z.record(z.string(), z.unknown()), // by JID: a shape here would put numbers into the words of an error
});

export const Call = z.looseObject({
  id: ExternalId,
  chatId: Jid.nullish(),
  from: Jid,
  status: z.string(),
  date: z.iso.datetime({ offset: true }).transform((date) => new Date(date)),
  isVideo: z.boolean().nullish(),
});

/** `contacts.upsert`, `contacts.update`. */
export const Contact = z.looseObject({
  remoteJid: OptionalJid,
  remoteJidAlt: OptionalJid,
  id: OptionalJid,
  pushName: OptionalText,
});

/** Participants are JIDs, or objects that name a person by any of these. */
export const Participant = z.union([
  Jid.transform((id) => ({ id, jid: null, phoneNumber: null, admin: null, name: null })),
  z.looseObject({
    id: OptionalJid,
    jid: OptionalJid,
    phoneNumber: OptionalJid,
    admin: z.union([z.string(), z.boolean()]).nullish(),
    name: OptionalText,
  }),
]);
export type Participant = z.infer<typeof Participant>;

/** WhatsApp's groups end at 1,024 people, its communities at 5,000: what names more is not from there. */
const Participants = z.array(Participant).max(5000);

export const GroupParticipants = z.looseObject({
  id: Jid,
  action: z.string(),
  author: OptionalJid,
  authorPn: OptionalJid,
  participants: Participants,
  participantsData: z
    .array(z.looseObject({ jid: OptionalJid, phoneNumber: OptionalJid, name: OptionalText }))
    .max(5000)
    .nullish(),
});

/** `groups.upsert`; 2.3.0 sends the whole group on any change. */
export const Group = z.looseObject({ id: Jid, subject: OptionalText, participants: Participants.nullish() });

export const ConnectionUpdate = z.looseObject({
  state: z.string().nullish(),
  statusReason: OptionalNumber,
  wuid: OptionalJid,
});
export const QrUpdate = z.looseObject({
  qrcode: z.looseObject({ base64: z.string().nullish(), pairingCode: z.string().nullish() }).nullish(),
});
export const InstanceStatus = z.looseObject({ status: z.string().nullish(), disconnectionReasonCode: OptionalNumber });
