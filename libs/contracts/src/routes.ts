import {
  createAccount,
  deleteAccount,
  getAccount,
  listAccounts,
  listProviders,
  listTemplates,
  updateAccount,
} from './accounts';
import { updateContact } from './contacts';
import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
  startConversation,
} from './conversations';
import { getDemo } from './demo';
import { getFileLink, retryFile } from './files';
import { createLabel, listLabels } from './labels';
import { getMe, switchTenant } from './me';
import { listMembers } from './members';
import { checkMessage, listMessages, retryMessage, sendMessage, sendTyping } from './messages';
import { listEvents } from './realtime';
import type { AnyRoute } from './route';

/** Every route of the API. The server refuses to start when one has no handler, or two. */
export const routes = {
  getMe,
  switchTenant,
  getDemo,
  listConversations,
  countConversations,
  getConversation,
  startConversation,
  assignConversation,
  setConversationLabels,
  setConversationStatus,
  markConversationRead,
  listMessages,
  sendMessage,
  sendTyping,
  retryMessage,
  checkMessage,
  getFileLink,
  retryFile,
  listEvents,
  listMembers,
  listLabels,
  createLabel,
  updateContact,
  listAccounts,
  listProviders,
  getAccount,
  createAccount,
  updateAccount,
  deleteAccount,
  listTemplates,
} satisfies Record<string, AnyRoute>;
