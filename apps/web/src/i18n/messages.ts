import type { Language } from '@parley/contracts/languages';
import accounts from '../../messages/en/accounts.json';
import admin from '../../messages/en/admin.json';
import audit from '../../messages/en/audit.json';
import common from '../../messages/en/common.json';
import composer from '../../messages/en/composer.json';
import conversation from '../../messages/en/conversation.json';
import entry from '../../messages/en/entry.json';
import errors from '../../messages/en/errors.json';
import keyboard from '../../messages/en/keyboard.json';
import list from '../../messages/en/list.json';
import messageWords from '../../messages/en/messages.json';
import notifications from '../../messages/en/notifications.json';
import settings from '../../messages/en/settings.json';
import shell from '../../messages/en/shell.json';
import signIn from '../../messages/en/sign-in.json';
import states from '../../messages/en/states.json';
import team from '../../messages/en/team.json';

/** Every word of the product in English, one namespace per feature. The other languages have the same: a test sees to it. */
export const messages = {
  accounts,
  admin,
  audit,
  common,
  composer,
  conversation,
  entry,
  errors,
  keyboard,
  list,
  messages: messageWords,
  notifications,
  settings,
  shell,
  signIn,
  states,
  team,
};

type Words = typeof messages;

/** On the server: a page is sent the words of its own language alone. */
export async function wordsOf(language: Language): Promise<Words> {
  if (language === 'en') return messages;
  const read = async (name: string) => {
    const file = (await import(`../../messages/${language}/${fileOf(name)}.json`)) as { default: unknown };
    return [name, file.default];
  };
  return Object.fromEntries(await Promise.all(Object.keys(messages).map(read))) as Words;
}

/** `signIn` stands in `sign-in`. */
export function fileOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
