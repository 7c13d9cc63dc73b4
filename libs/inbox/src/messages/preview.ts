import type { Content } from '@parley/contracts/content';

const LENGTH = 120;
/** Looked at: enough for the preview of anything but a row of blanks, however long it is. */
const ENOUGH = 400;

/** One line of a message for lists and quotes, at most 120 characters; the web adds an icon by `previewType`. */
export function previewOf(content: Content): string {
  return textOf(content).slice(0, ENOUGH).replace(/\s+/g, ' ').trim().slice(0, LENGTH).toWellFormed();
}

/** What kind of thing a preview stands for: the content's type, for media its kind. */
export function previewType(content: Content): string {
  return content.type === 'media' ? content.kind : content.type;
}

/** What a message says in words, whole; empty where it has none. */
export function textOf(content: Content): string {
  switch (content.type) {
    case 'text':
    case 'template':
    case 'choice':
      return content.text;
    case 'media':
      return content.caption ?? content.fileName ?? '';
    case 'location':
      return content.name ?? content.address ?? '';
    case 'contacts':
      return content.contacts.map((contact) => contact.name).join(', ');
    case 'poll':
      return content.question;
    case 'order':
      return content.text ?? '';
    case 'unsupported':
      return content.kind;
    case 'system':
      return content.to.join(', ');
    case 'call':
    case 'unreadable':
      return '';
  }
}
