import { emojiNames } from './emoji-names';

const SKINS = ['🏻', '🏼', '🏽', '🏾', '🏿'];
const VARIATION = /\uFE0F/g;

interface Tables {
  byName: Map<string, string>;
  byEmoji: Map<string, string>;
}
let made: Tables | undefined;

function tables(): Tables {
  if (made) return made;
  const rows = emojiNames
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  const byName = new Map(rows.flatMap(([emoji = '', ...names]) => names.map((name) => [name, emoji] as const)));
  const byEmoji = new Map(rows.map(([emoji = '', name = '']) => [emoji.replace(VARIATION, ''), name]));
  return (made = { byName, byEmoji });
}

/** "👋🏽" of "wave::skin-tone-4"; `undefined` for a workspace's own emoji. */
export function emojiOf(name: string): string | undefined {
  const [base = '', skin] = name.split('::skin-tone-');
  const emoji = tables().byName.get(base);
  const tone = skin === undefined ? '' : (SKINS[Number(skin) - 2] ?? '');
  if (emoji === undefined || !tone) return emoji;
  const [first = '', ...rest] = emoji.replace(VARIATION, '');
  return first + tone + rest.join('');
}

/** "wave::skin-tone-4" of "👋🏽", and a workspace's own of ":parrot:"; `undefined` for what Slack has no name of. */
export function nameOf(emoji: string): string | undefined {
  const [, own] = /^:([\w+'-]{1,100}(?:::skin-tone-[2-6])?):$/.exec(emoji) ?? [];
  if (own !== undefined) return own;
  const plain = emoji.replace(VARIATION, '');
  const tone = SKINS.findIndex((skin) => plain.includes(skin));
  const name = tables().byEmoji.get(tone === -1 ? plain : plain.replaceAll(SKINS[tone] ?? '', ''));
  return name === undefined || tone === -1 ? name : `${name}::skin-tone-${tone + 2}`;
}
