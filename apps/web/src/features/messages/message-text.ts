import type { Content } from '@parley/contracts/content';

/** The words of a message that one may want to copy, answer or edit; empty when it has none. */
export function messageText(content: Content): string {
  switch (content.type) {
    case 'text':
    case 'template':
      return content.text;
    case 'media':
      return content.caption ?? content.fileName ?? '';
    case 'location':
      return [content.name, content.address, `${content.latitude}, ${content.longitude}`].filter(Boolean).join('\n');
    case 'contacts':
      return content.contacts.map(({ name, phones, emails }) => [name, ...phones, ...emails].join('\n')).join('\n\n');
    case 'choice':
      return content.text;
    case 'poll':
      return [content.question, ...content.options].join('\n');
    case 'order':
      return [...content.items.map(({ quantity, product }) => `${quantity} × ${product}`), content.text]
        .filter(Boolean)
        .join('\n');
    case 'call':
    case 'unsupported':
    case 'unreadable':
    case 'system':
      return '';
  }
}
