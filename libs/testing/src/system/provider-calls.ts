import { createHmac } from 'node:crypto';
import type { ChatRef } from '@parley/channels/provider';
import type { ProviderName } from '@parley/contracts/accounts';
import type { TestAccount } from '../account';
import { waitFor } from '../wait-for';
import type { System } from './system';

/** What somebody says, in any provider's words. */
export interface Said {
  /** The provider's. */
  id: string;
  /** E.164. */
  from?: string;
  text: string;
  at?: Date;
  /** Typed on our own phone. */
  own?: boolean;
  name?: string;
}

const CUSTOMER = '+12025550142';

/** One text message as the account's provider tells it. */
export function textCall(account: TestAccount, { from = CUSTOMER, ...said }: Said): string {
  return messageCall(account, { kind: 'direct', addresses: [{ kind: 'phone', address: from }] }, said);
}

/** The same in any chat; a group's writer is made up. */
export function messageCall(account: TestAccount, chat: ChatRef, said: Omit<Said, 'from'>): string {
  return messageCalls[account.provider](account, chat, said);
}

const messageCalls: Record<ProviderName, (account: TestAccount, chat: ChatRef, said: Omit<Said, 'from'>) => string> = {
  evolution: evolutionMessage,
  'cloud-api': cloudMessage,
  'green-api': greenMessage,
  slack: slackMessage,
};

/** Of a message its id is "channel:ts". An own one is our app's. */
function slackMessage(account: TestAccount, chat: ChatRef, { id, text, own }: Omit<Said, 'from'>): string {
  const place = chat.kind === 'group' ? chat.externalId : 'D0SOMEBODY';
  const [channel = '', ts = ''] = id.includes(':') ? id.split(':') : [place, '1767139200.000100'];
  const writer = chat.kind === 'direct' ? chat.addresses[0].address.split(':')[1] : 'U0SOMEBODY';
  const from = own ? { user: 'U0BRIDGE01', bot_id: 'B0BRIDGE01', app_id: 'A0PARLEY01' } : { user: writer };
  const team = account.config.teamId;
  return JSON.stringify({
    type: 'event_callback',
    team_id: team,
    api_app_id: 'A0PARLEY01',
    event_id: `Ev${id}`,
    event_time: Math.floor(Number(ts)),
    authorizations: [{ team_id: team, user_id: 'U0BRIDGE01', is_bot: true }],
    event: { type: 'message', channel, ts, event_ts: ts, text, ...from },
  });
}

export function evolutionCall(account: TestAccount, event: string, data: unknown): string {
  return JSON.stringify({ event, instance: account.config.instance, data, date_time: '2026-01-01T00:00:00.000Z' });
}

export function cloudCall(account: TestAccount, value: object, field = 'messages'): string {
  const { wabaId, phoneNumberId } = account.config;
  const metadata = { display_phone_number: '15550104477', phone_number_id: phoneNumberId };
  const change = { field, value: { messaging_product: 'whatsapp', metadata, ...value } };
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: wabaId, changes: [change] }] });
}

type Status = 'sent' | 'delivered' | 'read' | 'failed';

/** A status of one of our messages. */
export function statusCall(account: TestAccount, id: string, status: Status): string {
  return statusCalls[account.provider](account, id, status);
}

const statusCalls: Record<ProviderName, (account: TestAccount, id: string, status: Status) => string> = {
  evolution(account, keyId, status) {
    const words = { sent: 'SERVER_ACK', delivered: 'DELIVERY_ACK', read: 'READ', failed: 'ERROR' };
    const remoteJid = `${digits(CUSTOMER)}@s.whatsapp.net`;
    return evolutionCall(account, 'messages.update', { keyId, remoteJid, fromMe: true, status: words[status] });
  },
  'cloud-api'(account, id, status) {
    const errors = status === 'failed' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {};
    const one = { id, status, timestamp: seconds(new Date()), recipient_id: digits(CUSTOMER), ...errors };
    return cloudCall(account, { statuses: [one] });
  },
  'green-api'(account, idMessage, status) {
    return greenCall(account, 'outgoingMessageStatus', { chatId: `${digits(CUSTOMER)}@c.us`, idMessage, status });
  },
  slack: () => none('Slack', 'statuses'),
};

function none(provider: string, what: string): never {
  throw new Error(`${provider} has no ${what}`);
}

/** What becomes of a message afterwards. `id` is the change's own. */
export interface Change {
  id: string;
  target: string;
  at: Date;
  /** E.164: who wrote what is changed, and changes it. */
  from?: string;
  what: { edit: string } | { react: string } | 'delete';
}

export function changeCall(account: TestAccount, change: Change): string {
  return changeCalls[account.provider](account, change);
}

const changeCalls: Record<ProviderName, (account: TestAccount, change: Change) => string> = {
  evolution: evolutionChange,
  'cloud-api': cloudChange,
  'green-api': greenChange,
  slack: () => none('Slack', 'people with phone numbers'),
};

function evolutionChange(account: TestAccount, { id, target, at, from = CUSTOMER, what }: Change): string {
  const key = { remoteJid: `${digits(from)}@s.whatsapp.net`, fromMe: false, id: target };
  const ms = String(at.getTime());
  if (what === 'delete') return evolutionCall(account, 'messages.delete', { ...key, status: 'DELETED' });
  if ('edit' in what)
    return evolutionCall(account, 'messages.edited', {
      key,
      type: 14,
      editedMessage: { conversation: what.edit },
      timestampMs: ms,
    });
  const reactionMessage = { key, text: what.react, senderTimestampMs: ms };
  const message = {
    messageType: 'reactionMessage',
    message: { reactionMessage },
    messageTimestamp: Number(seconds(at)),
  };
  return evolutionCall(account, 'messages.upsert', { key: { ...key, id }, ...message });
}

function greenChange(account: TestAccount, { id, target: stanzaId, at, from = CUSTOMER, what }: Change): string {
  const chatId = `${digits(from)}@c.us`;
  const wire = () => {
    if (what === 'delete') return { typeMessage: 'deletedMessage', deletedMessageData: { stanzaId } };
    if ('edit' in what)
      return { typeMessage: 'editedMessage', editedMessageData: { textMessage: what.edit, stanzaId } };
    const extendedTextMessageData = { text: what.react };
    return { typeMessage: 'reactionMessage', extendedTextMessageData, quotedMessage: { stanzaId } };
  };
  const senderData = { chatId, sender: chatId };
  const timestamp = Number(seconds(at));
  return greenCall(account, 'incomingMessageReceived', { timestamp, idMessage: id, senderData, messageData: wire() });
}

function cloudChange(account: TestAccount, { id, target, at, from = CUSTOMER, what }: Change): string {
  const wire = () => {
    if (what === 'delete') return { type: 'revoke', revoke: { original_message_id: target } };
    if ('react' in what)
      return { type: 'reaction', reaction: { message_id: target, ...(what.react && { emoji: what.react }) } };
    return {
      type: 'edit',
      edit: { original_message_id: target, message: { type: 'text', text: { body: what.edit } } },
    };
  };
  const message = { from: digits(from), id, timestamp: seconds(at), ...wire() };
  return cloudCall(account, { contacts: [{ wa_id: digits(from) }], messages: [message] });
}

/** Posts as the account's provider would: with its secret, or signed. Answers the status. */
export async function postAs(
  system: Pick<System, 'app'>,
  account: TestAccount,
  body: string | Uint8Array,
  { url = system.app.url, headers = {} }: { url?: string; headers?: Record<string, string> } = {},
): Promise<number> {
  const bytes = Buffer.from(body);
  const answer = await fetch(url + account.webhookPath, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...proofOf(system, account, bytes), ...headers },
    body: bytes,
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Headers that prove who calls: the account's secret, or a signature of the body. */
export function proofOf({ app }: Pick<System, 'app'>, account: TestAccount, body: Uint8Array): Record<string, string> {
  return proofs[account.provider](account.config, body, app.env);
}

type Proof = (config: TestAccount['config'], body: Uint8Array, env: System['app']['env']) => Record<string, string>;

const proofs: Record<ProviderName, Proof> = {
  evolution: ({ webhookSecret }) => ({ 'x-parley-secret': String(webhookSecret) }),
  'cloud-api': ({ appSecret }, body, env) => {
    const hmac = createHmac('sha256', String(appSecret ?? env.CLOUD_API_APP_SECRET))
      .update(body)
      .digest('hex');
    return { 'x-hub-signature-256': `sha256=${hmac}` };
  },
  'green-api': ({ webhookUrlToken }) => ({ authorization: `Bearer ${String(webhookUrlToken)}` }),
  slack: ({ signingSecret }, body, env) => signedBySlack(String(signingSecret ?? env.SLACK_SIGNING_SECRET), body),
};

function signedBySlack(secret: string, body: Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hmac}` };
}

/** Everything that was acked for these accounts stands in its place, or is buried. */
export async function untilApplied({ app }: Pick<System, 'app'>, accounts: { id: string }[]): Promise<void> {
  const ids = accounts.map(({ id }) => id);
  const isApplied = async () => {
    const waiting =
      await app.sql`select 1 from pending where account_id = any(${ids}::uuid[]) and dead is null limit 1`;
    return waiting.length === 0;
  };
  await waitFor('everything acked to be applied', isApplied, { timeoutMs: 30_000 });
}

function evolutionMessage(
  account: TestAccount,
  chat: ChatRef,
  { id, text, at = new Date(), own, name }: Omit<Said, 'from'>,
) {
  const fromMe = own === true;
  const key = { fromMe, id, ...evolutionAddresses(chat, fromMe) };
  const message = {
    message: { conversation: text },
    messageType: 'conversation',
    messageTimestamp: Number(seconds(at)),
  };
  return evolutionCall(account, 'messages.upsert', { key, ...(name !== undefined && { pushName: name }), ...message });
}

function evolutionAddresses(chat: ChatRef, fromMe: boolean) {
  if (chat.kind === 'group')
    return { remoteJid: chat.externalId, participant: fromMe ? '' : `${digits(CUSTOMER)}@s.whatsapp.net` };
  const [remoteJid, remoteJidAlt] = chat.addresses.map(({ kind, address }) =>
    kind === 'phone' ? `${digits(address)}@s.whatsapp.net` : address,
  );
  return { remoteJid, ...(remoteJidAlt !== undefined && { remoteJidAlt }) };
}

/** A notification of that instance. */
export function greenCall({ config }: TestAccount, typeWebhook: string, more: object): string {
  const instanceData = { idInstance: Number(config.idInstance), wid: '15550102000@c.us', typeInstance: 'whatsapp' };
  return JSON.stringify({ typeWebhook, instanceData, timestamp: Number(seconds(new Date())), ...more });
}

/** `id` may be as the product knows it, behind its chat. */
function greenMessage(
  account: TestAccount,
  chat: ChatRef,
  { id, text, at = new Date(), own, name }: Omit<Said, 'from'>,
) {
  const [first] = chat.kind === 'direct' ? chat.addresses : [];
  const person = first?.kind === 'lid' ? first.address : `${digits(first?.address ?? CUSTOMER)}@c.us`;
  const chatId = chat.kind === 'group' ? chat.externalId : person;
  return greenCall(account, own ? 'outgoingMessageReceived' : 'incomingMessageReceived', {
    timestamp: Number(seconds(at)),
    idMessage: id.replace(/^.*@[^/]*\//, ''),
    senderData: { chatId, sender: own ? '15550102000@c.us' : person, senderName: name ?? '' },
    messageData: { typeMessage: 'textMessage', textMessageData: { textMessage: text } },
  });
}

function cloudMessage(
  account: TestAccount,
  chat: ChatRef,
  { id, text, at = new Date(), own, name }: Omit<Said, 'from'>,
) {
  const { phone, bsuid } = cloudAddresses(chat);
  const typed = { id, timestamp: seconds(at), type: 'text', text: { body: text } };
  if (own) {
    const to = { ...(phone && { to: phone }), ...(bsuid && { to_user_id: bsuid }) };
    return cloudCall(account, { message_echoes: [{ from: '15550104477', ...to, ...typed }] }, 'smb_message_echoes');
  }
  const contact = {
    ...(name !== undefined && { profile: { name } }),
    ...(phone && { wa_id: phone }),
    ...(bsuid && { user_id: bsuid }),
  };
  const from = { ...(phone && { from: phone }), ...(bsuid && { from_user_id: bsuid }) };
  const group = chat.kind === 'group' ? { group_id: chat.externalId } : {};
  return cloudCall(account, { contacts: [contact], messages: [{ ...from, ...group, ...typed }] });
}

function cloudAddresses(chat: ChatRef): { phone?: string; bsuid?: string } {
  if (chat.kind === 'group') return { phone: digits(CUSTOMER) };
  const of = (kind: string) => chat.addresses.find((one) => one.kind === kind)?.address;
  const [phone, bsuid] = [of('phone'), of('bsuid')];
  return { ...(phone && { phone: digits(phone) }), ...(bsuid && { bsuid }) };
}

const digits = (phone: string) => phone.replace(/\D/g, '');
const seconds = (at: Date) => String(Math.floor(at.getTime() / 1000));
