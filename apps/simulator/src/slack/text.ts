/** A few of the emojis that people type, by Slack's names; others stay as they are. */
const names: [emoji: string, name: string][] = [
  ['👍', '+1'], ['👎', '-1'], ['❤️', 'heart'], ['😀', 'grinning'], ['😂', 'joy'], ['🎉', 'tada'], ['🙏', 'pray'], ['👋', 'wave'],
  ['✅', 'white_check_mark'], ['🔥', 'fire'], ['👀', 'eyes'], ['🚀', 'rocket'], ['😢', 'cry'], ['😮', 'open_mouth'], ['💯', '100'],
]; // prettier-ignore

/** What a person types, as Slack stores it. */
export const typed = (text: string) => named(escaped(text));

/** What an app posts: escaped by itself, emojis named by Slack. */
export const named = (text: string) => names.reduce((all, [emoji, name]) => all.replaceAll(emoji, `:${name}:`), text);

/** As people see it. */
export function seen(text: string): string {
  const emojis = names.reduce((all, [emoji, name]) => all.replaceAll(`:${name}:`, emoji), text);
  const tokens = emojis.replace(
    /<([^<>|]+)(?:\|([^<>]*))?>/g,
    (_all, what: string, label?: string) => label || what.replace(/^!/, '@'),
  );
  return tokens.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** ":thumbsup:" and "👍" alike; what has no name here is taken for one. */
export function reactionName(emoji: string): string {
  return names.find(([each]) => each === emoji)?.[1] ?? emoji.replace(/^:|:$/g, '');
}

export const emojiOf = (name: string) =>
  names.find(([, each]) => each === name || (name === 'thumbsup' && each === '+1'))?.[0] ?? `:${name}:`;
