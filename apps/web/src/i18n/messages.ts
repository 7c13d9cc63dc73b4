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

/** Every word of the product, one namespace per feature. */
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
