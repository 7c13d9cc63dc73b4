import { peek, peekName } from '../json-body';

/** The words of a `rich_text` block and of those that hold text, for messages that come without `text` (contract §4.1). */
export function wordsOfBlocks(blocks: unknown): string {
  return each(blocks).map(wordsOfBlock).filter(Boolean).join('\n').trim();
}

/** What attachments say in plain words, where a message is nothing else. */
export function wordsOfAttachments(attachments: unknown): string {
  return each(attachments)
    .map((one) => wordOf(one, 'fallback') || wordOf(one, 'text'))
    .filter(Boolean)
    .join('\n');
}

function wordsOfBlock(block: unknown): string {
  if (peek(block, 'type') === 'rich_text') return each(peek(block, 'elements')).map(wordsOfPart).join('\n');
  const fields = each(peek(block, 'fields')).map((field) => wordOf(field, 'text'));
  return [wordOf(peek(block, 'text'), 'text'), ...fields].filter(Boolean).join('\n');
}

function wordsOfPart(part: unknown): string {
  const elements = each(peek(part, 'elements'));
  switch (peek(part, 'type')) {
    case 'rich_text_list':
      return elements
        .map((one, at) => `${peek(part, 'style') === 'ordered' ? `${at + 1}.` : '-'} ${inline(one)}`)
        .join('\n');
    case 'rich_text_quote':
      return inline(part).replace(/^/gm, '&gt; ');
    case 'rich_text_preformatted':
      return `\`\`\`${inline(part)}\`\`\``;
    default:
      return inline(part);
  }
}

const inline = (section: unknown) => each(peek(section, 'elements')).map(wordsOfElement).join('');

/** In Slack's own notation, so that one reader does for both. */
function wordsOfElement(element: unknown): string {
  const id = (name: string) => peekName(element, name) ?? '';
  switch (peek(element, 'type')) {
    case 'text':
      return styled(escaped(wordOf(element, 'text')), peek(element, 'style'));
    case 'user':
      return `<@${id('user_id')}>`;
    case 'channel':
      return `<#${id('channel_id')}>`;
    case 'usergroup':
      return `<!subteam^${id('usergroup_id')}>`;
    case 'broadcast':
      return `<!${id('range')}>`;
    case 'link':
      return `<${escaped(wordOf(element, 'url'))}|${escaped(wordOf(element, 'text'))}>`;
    case 'emoji':
      return `:${id('name')}:`;
    case 'date':
      return escaped(wordOf(element, 'fallback'));
    default:
      return '';
  }
}

/** Marks stand at the words, not at the blanks around them. */
function styled(text: string, style: unknown): string {
  const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  const marks = [
    ['code', '`'],
    ['bold', '*'],
    ['italic', '_'],
    ['strike', '~'],
  ].flatMap(([name = '', mark = '']) => (peek(style, name) === true ? [mark] : []));
  if (words === '' || words.includes('\n')) return text;
  return before + marks.toReversed().join('') + words + marks.join('') + after;
}

const each = (list: unknown): unknown[] => (Array.isArray(list) ? list : []);
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function wordOf(value: unknown, name: string): string {
  const found = peek(value, name);
  return typeof found === 'string' ? found : '';
}
