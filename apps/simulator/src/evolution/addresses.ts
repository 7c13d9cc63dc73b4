import { digitsOf } from '../world/ids';
import type { AddressForm } from './instance';

export const phoneJid = (digits: string) => `${digits}@s.whatsapp.net`;

/** WhatsApp's hidden id of a person: the same whenever the number is. */
export const lidOf = (digits: string) => `${digitsOf(`lid ${digits}`, 14)}@lid`;

export const isGroup = (address: string) => address.endsWith('@g.us');

/** What the server makes of `number`: a JID. Long ones, and old group ids with a hyphen, are groups. */
export function toJid(number: string): string {
  const given = number.trim();
  if (/@(g\.us|s\.whatsapp\.net|lid|broadcast|newsletter)$/.test(given)) return given.replace(/:\d+@/, '@');
  const digits = given.replace(/\D/g, '');
  if (digits.length >= 18 || (given.includes('-') && given.length >= 24)) return `${given.replace(/[^\d-]/g, '')}@g.us`;
  return phoneJid(canonical(digits));
}

/** Digits under which WhatsApp knows a number: Brazil's ninth digit and the extra one of Mexico and Argentina go. */
export function canonical(digits: string): string {
  if (/^(52|54)\d{11}$/.test(digits)) return digits.slice(0, 2) + digits.slice(3);
  const brazil = /^55(\d{2})\d(\d{8})$/.exec(digits);
  if (!brazil) return digits;
  const [, area = '', rest = ''] = brazil;
  const keepsNine = Number(rest[0]) < 7 || Number(area) < 31;
  return keepsNine ? digits : `55${area}${rest}`;
}

export interface Key {
  remoteJid: string;
  fromMe: boolean;
  id: string;
  [field: string]: unknown;
}

/** The key of a message in a chat of two, as a server of that version writes it. */
export function directKey(form: AddressForm, phone: string, base: { fromMe: boolean; id: string }): Key {
  const [pn, lid] = [phoneJid(phone), lidOf(phone)];
  switch (form) {
    case 'none':
      return { remoteJid: pn, ...base };
    case 'only':
      return { remoteJid: lid, ...base, participant: '', addressingMode: 'lid' };
    case '2.2':
      return { remoteJid: lid, ...base };
    case '2.3.0':
      return { remoteJid: pn, ...base, senderPn: pn, senderLid: lid };
    case '2.3.1':
      return { remoteJid: pn, previousRemoteJid: lid, ...base, senderPn: pn };
    case '2.3.6':
      return { remoteJid: lid, remoteJidAlt: pn, ...base, participant: '', addressingMode: 'lid' };
    case '2.3.7':
      return { remoteJid: pn, remoteJidAlt: pn, ...base, participant: '', addressingMode: 'lid' };
    case '2.4':
      return { remoteJid: pn, remoteJidAlt: lid, ...base, participant: '', addressingMode: 'pn' };
  }
}

/** The key of a message in a group; without an author it is our own. */
export function groupKey(
  form: AddressForm,
  group: string,
  author: string | undefined,
  base: { fromMe: boolean; id: string },
): Key {
  if (!author) return { remoteJid: group, ...base, participant: '' };
  const [pn, lid] = [phoneJid(author), lidOf(author)];
  switch (form) {
    case 'none':
      return { remoteJid: group, ...base, participant: pn };
    case 'only':
    case '2.2':
      return { remoteJid: group, ...base, participant: lid, addressingMode: 'lid' };
    case '2.3.0':
      return { remoteJid: group, ...base, participant: pn, participantLid: lid };
    case '2.3.1':
      return { remoteJid: group, ...base, participant: pn, participantPn: pn };
    case '2.3.6':
    case '2.3.7':
      return { remoteJid: group, ...base, participant: lid, participantAlt: pn, addressingMode: 'lid' };
    case '2.4':
      return { remoteJid: group, ...base, participant: pn, participantAlt: lid, addressingMode: 'pn' };
  }
}

/** The one address by which other events name a person. */
export function addressOf(form: AddressForm, phone: string): string {
  return form === 'only' || form === '2.2' || form === '2.3.6' ? lidOf(phone) : phoneJid(phone);
}
