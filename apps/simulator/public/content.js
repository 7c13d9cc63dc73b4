import { bytesOf, h, icon } from './dom.js';
import { receive } from './state.js';

const nouns = {
  image: 'Photo', video: 'Video', audio: 'Audio', voice: 'Voice message', document: 'Document', sticker: 'Sticker', location: 'Location',
  contacts: 'Contact', poll: 'Poll', order: 'Order', choice: 'Choice', system: 'Notice', welcome: 'Opened the chat', unsupported: 'Something unsupported',
}; // prettier-ignore

const tickNames = {
  pending: 'Waiting',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  played: 'Played',
  failed: 'Not delivered',
};

/** How far the customer's own message came: sent, taken by Parley, read there. */
export function Tick({ status, ours }) {
  if (ours) return '';
  const name = status === 'sent' || status === 'pending' ? 'tick' : 'ticks';
  const mark = icon(name, 16);
  mark.classList.add('tick');
  if (status === 'read') mark.classList.add('is-read');
  return h('span.tick-box', { role: 'img', 'aria-label': tickNames[status], title: tickNames[status] }, mark);
}

/** What became of a message from the business, in a word: the phone itself would not say. */
export const fateOf = ({ status, error }) =>
  status === 'failed' ? `not delivered${error ? ` (${error})` : ''}` : tickNames[status].toLowerCase();

/** One line about the last message of a chat. */
export function previewOf({ last, isNew }) {
  if (!last) return isNew ? 'New, nothing written yet' : '';
  if (last.deleted) return 'Message deleted';
  if (last.status === 'failed') return `Not delivered: ${summary(last.content)}`;
  return summary(last.content);
}

export function summary(content) {
  if (content.kind === 'reaction') return content.text ? `Reacted ${content.text}` : 'Took a reaction back';
  const text = 'text' in content ? content.text : undefined;
  return text || content.fileName || nouns[content.kind] || content.kind;
}

/** The inside of a bubble. */
export function Body(message) {
  const { content, file } = message;
  switch (content.kind) {
    case 'image':
      return [
        h('img.media', { src: file?.url ?? '', alt: content.text || 'Photo', loading: 'lazy' }),
        Words(content.text),
      ];
    case 'sticker':
      return [h('img.sticker', { src: file?.url ?? '', alt: 'Sticker', loading: 'lazy' })];
    case 'video':
      return [h('video.media', { src: file?.url ?? '', controls: true, preload: 'metadata' }), Words(content.text)];
    case 'audio':
    case 'voice':
      return [
        h('audio', { src: file?.url ?? '', controls: true, preload: 'metadata', 'aria-label': nouns[content.kind] }),
      ];
    case 'document':
      return [
        Card('file', content.fileName ?? file?.name ?? 'Document', file ? bytesOf(file.sizeBytes) : '', file?.url),
        Words(content.text),
      ];
    case 'location':
      return [
        Card(
          'pin',
          content.title || (content.live ? 'Live location' : 'Location'),
          content.address || `${content.latitude.toFixed(4)}, ${content.longitude.toFixed(4)}`,
        ),
      ];
    case 'contacts':
      return content.contacts.map(({ name, phone }) => Card('card', name, phone ?? ''));
    case 'poll':
      return [Words(content.text), Options(message)];
    case 'template':
    case 'interactive':
      return [
        content.media && file && h('img.media', { src: file.url, alt: '' }),
        content.header && h('b.head', {}, content.header),
        Words(content.text),
        content.footer && h('small.foot', {}, content.footer),
      ];
    case 'order':
      return [
        Card('file', 'Order', content.items.map(({ quantity, product }) => `${quantity} × ${product}`).join(', ')),
        Words(content.text),
      ];
    case 'unsupported':
      return [h('em', {}, `A ${content.text}: the business cannot see it`)];
    case 'system':
    case 'welcome':
      return [h('em', {}, content.text || nouns[content.kind])];
    default:
      return [Words(content.text)];
  }
}

/** What the customer can tap below a message. */
export function Buttons({ id, content }) {
  if (!('buttons' in content) || content.buttons.length === 0) return '';
  const tap = (button) =>
    receive({
      kind: 'choice',
      replyTo: id,
      style: button.reply.style,
      id: button.reply.id,
      text: button.text,
      description: button.reply.description,
    });
  return h(
    'div.taps',
    {},
    content.buttons.map((button) =>
      h('button', { type: 'button', disabled: !button.reply, onclick: () => tap(button) }, button.text),
    ),
  );
}

function Options({ id, ours, content }) {
  const vote = (option) => receive({ kind: 'vote', target: id, options: [option] });
  return h(
    'div.taps',
    {},
    content.options.map((option) =>
      h('button', { type: 'button', disabled: !ours, onclick: () => vote(option) }, option),
    ),
  );
}

function Card(name, title, fact, url) {
  const inside = [h('span.tile', {}, icon(name, 18)), h('span', {}, h('b', {}, title), h('small', {}, fact))];
  return url ? h('a.card', { href: url, target: '_blank', rel: 'noopener' }, inside) : h('div.card', {}, inside);
}

const links = /https?:\/\/[^\s<>"']+[^\s<>"'.,!?;:)]/g;

/** Text with its links made safe to click. */
function Words(text) {
  if (!text) return '';
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(links)) {
    parts.push(
      text.slice(from, match.index),
      h('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer nofollow' }, match[0]),
    );
    from = match.index + match[0].length;
  }
  return h('span.words', { dir: 'auto' }, ...parts, text.slice(from));
}
