import { emojiOf } from './emoji';

const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;
/** How Slack draws its lists, at each depth. */
const BULLET = /^([ \t]*)[•◦▪]\uFE0E?[ \t]+/gm;
const EMOJI = /:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/gi;

/**
 * What Slack stored, as people read it (contract §4.1): its tokens by what they stand for, names of emojis as emojis, its
 * three escapes undone once. Marks stay (*bold*, _italic_): they are WhatsApp's too. Code is left as it is.
 */
export function toPlain(mrkdwn: string): string {
  const parts = mrkdwn.split(CODE);
  return parts.map((part, at) => unescape(at % 2 ? bare(part) : plain(part.replace(BULLET, '$1- ')))).join('');
}

const plain = (text: string) =>
  text.replace(/<([^<>\n]+)>|([^<]+|<)/g, (_all, token?: string, words = '') =>
    token === undefined
      ? (words as string).replace(EMOJI, (all, name: string) => emojiOf(name) ?? all)
      : meaning(token),
  );

/** In code Slack links addresses all the same; the writer meant the address alone. */
const bare = (code: string) => code.replace(/<([^<>|\n]+)(?:\|[^<>\n]*)?>/g, '$1');

function meaning(token: string): string {
  const bar = token.indexOf('|');
  const what = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? '' : token.slice(bar + 1);
  switch (token[0]) {
    case '@':
      return `@${label.replace(/^@/, '') || 'unknown'}`; // an id tells nobody anything
    case '#':
      return `#${label || 'private-channel'}`;
    case '!':
      return special(what.slice(1), label);
    default:
      return link(what, label);
  }
}

/** `here`, `subteam^S1`, `date^…`: the label is what every reader understands. */
function special(what: string, label: string): string {
  const [name = ''] = what.split('^');
  if (['here', 'channel', 'everyone'].includes(name)) return `@${label.replace(/^@/, '') || name}`;
  if (name === 'subteam') return label ? `@${label.replace(/^@/, '')}` : '@group';
  if (name === 'date') return label;
  return `&lt;${label || what}&gt;`;
}

function link(url: string, label: string): string {
  if (/^(mailto|tel):/.test(url)) return label || url.replace(/^\w+:/, '');
  return label === '' || essence(label) === essence(url) ? url : `${label} (${url})`;
}

const essence = (url: string) => url.replace(/^\w+:\/\//, '').replace(/\/$/, '');

/** `&amp;` last, or "&amp;lt;" would be undone twice. */
const unescape = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/**
 * Our words as Slack takes them: the three characters escaped, so that nothing in them mentions or links by itself, and
 * quoted lines marked again (contract §4.2).
 */
export function toMrkdwn(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replace(/^&gt; /gm, '> ');
}
