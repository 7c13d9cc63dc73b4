import type { Content } from '@parley/contracts/content';

/** Whether an echo may be of a message that was sent: same kind, same words as people read them. Pure. */
export function sameContent(a: Content, b: Content): boolean {
  if (a.type !== b.type) return false;
  return JSON.stringify(essenceOf(a)) === JSON.stringify(essenceOf(b));
}

/** What providers hand back as it was; sizes, types and names of files they change as they like. */
function essenceOf(content: Content): unknown {
  switch (content.type) {
    case 'text':
      return normalised(content.text);
    case 'media':
      return [content.kind === 'voice' ? 'audio' : content.kind, normalised(content.caption ?? '')];
    case 'location':
      return [rounded(content.latitude), rounded(content.longitude)];
    case 'contacts':
      return content.contacts.map((contact) => [normalised(contact.name), contact.phones.map(digits)]);
    case 'template':
      return normalised(content.text);
    case 'poll':
      return [normalised(content.question), content.options.map(normalised)];
    case 'choice':
    case 'order':
    case 'call':
    case 'unsupported':
    case 'unreadable':
    case 'system':
      return content;
  }
}

/** Phones and servers trim, join blanks, drop marks of direction and compose accents as they like. */
function normalised(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const rounded = (degrees: number) => Math.round(degrees * 1e5);
const digits = (phone: string) => phone.replace(/\D/g, '');
