import type * as accounts from '@parley/contracts/accounts';
import type * as contacts from '@parley/contracts/contacts';
import type * as conversations from '@parley/contracts/conversations';
import type * as demo from '@parley/contracts/demo';
import type * as files from '@parley/contracts/files';
import type * as impersonation from '@parley/contracts/impersonation';
import type * as labels from '@parley/contracts/labels';
import type * as me from '@parley/contracts/me';
import type * as members from '@parley/contracts/members';
import type * as messages from '@parley/contracts/messages';
import type * as realtime from '@parley/contracts/realtime';
import type * as teams from '@parley/contracts/teams';
import { at } from '@parley/client/address';

/**
 * The contract's routes that this app calls, without their schemas: the browser checks nothing that the server has
 * checked, and the validator with every schema would be a third of what the inbox loads. A test holds them against the
 * contract.
 */
export const routes = {
  getMe: at<typeof me.getMe>('GET', '/me'),
  switchTenant: at<typeof me.switchTenant>('POST', '/me/tenant'),
  endImpersonation: at<typeof impersonation.endImpersonation>('POST', '/me/impersonation/end'),
  getDemo: at<typeof demo.getDemo>('GET', '/demo'),
  listConversations: at<typeof conversations.listConversations>('GET', '/inbox/conversations'),
  countConversations: at<typeof conversations.countConversations>('GET', '/inbox/counts'),
  getConversation: at<typeof conversations.getConversation>('GET', '/inbox/conversations/:id'),
  startConversation: at<typeof conversations.startConversation>('POST', '/inbox/conversations'),
  assignConversation: at<typeof conversations.assignConversation>('PATCH', '/inbox/conversations/:id/assign'),
  setConversationTeam: at<typeof conversations.setConversationTeam>('PATCH', '/inbox/conversations/:id/team'),
  setConversationLabels: at<typeof conversations.setConversationLabels>('PATCH', '/inbox/conversations/:id/tags'),
  setConversationStatus: at<typeof conversations.setConversationStatus>('PATCH', '/inbox/conversations/:id/status'),
  markConversationRead: at<typeof conversations.markConversationRead>('POST', '/inbox/conversations/:id/read'),
  listMessages: at<typeof messages.listMessages>('GET', '/inbox/conversations/:id/messages'),
  listEdits: at<typeof messages.listEdits>('GET', '/inbox/messages/:id/edits'),
  sendMessage: at<typeof messages.sendMessage>('POST', '/inbox/send_message'),
  sendTyping: at<typeof messages.sendTyping>('POST', '/inbox/send_typing'),
  retryMessage: at<typeof messages.retryMessage>('POST', '/inbox/messages/:id/retry'),
  checkMessage: at<typeof messages.checkMessage>('POST', '/inbox/messages/:id/check'),
  getFileLink: at<typeof files.getFileLink>('GET', '/inbox/files/:id/link'),
  retryFile: at<typeof files.retryFile>('POST', '/inbox/files/:id/retry'),
  createUpload: at<typeof files.createUpload>('POST', '/inbox/uploads'),
  appendUpload: at<typeof files.appendUpload>('PATCH', '/inbox/uploads/:id'),
  discardUpload: at<typeof files.discardUpload>('DELETE', '/inbox/uploads/:id'),
  listEvents: at<typeof realtime.listEvents>('GET', '/inbox/events'),
  listMembers: at<typeof members.listMembers>('GET', '/inbox/members'),
  setAvailability: at<typeof members.setAvailability>('PATCH', '/inbox/availability'),
  listTeams: at<typeof teams.listTeams>('GET', '/inbox/teams'),
  listLabels: at<typeof labels.listLabels>('GET', '/inbox/labels'),
  createLabel: at<typeof labels.createLabel>('POST', '/inbox/labels'),
  updateLabel: at<typeof labels.updateLabel>('PATCH', '/inbox/labels/:id'),
  listAccounts: at<typeof accounts.listAccounts>('GET', '/accounts'),
  listProviders: at<typeof accounts.listProviders>('GET', '/providers'),
  getAccount: at<typeof accounts.getAccount>('GET', '/accounts/:id'),
  createAccount: at<typeof accounts.createAccount>('POST', '/accounts'),
  updateAccount: at<typeof accounts.updateAccount>('PATCH', '/accounts/:id'),
  listAccountDays: at<typeof accounts.listAccountDays>('GET', '/accounts/days'),
  pairAccount: at<typeof accounts.pairAccount>('POST', '/accounts/:id/pairing_code'),
  getAccountGroups: at<typeof accounts.getAccountGroups>('GET', '/accounts/:id/groups'),
  setAccountGroups: at<typeof accounts.setAccountGroups>('PUT', '/accounts/:id/groups'),
  getAccountImpact: at<typeof accounts.getAccountImpact>('GET', '/accounts/:id/impact'),
  deleteAccount: at<typeof accounts.deleteAccount>('DELETE', '/accounts/:id'),
  listTemplates: at<typeof accounts.listTemplates>('GET', '/accounts/:id/templates'),
  updateContact: at<typeof contacts.updateContact>('PATCH', '/contacts/:id'),
};
