import {
  createAccount,
  deleteAccount,
  getAccount,
  getAccountImpact,
  listAccountDays,
  listAccounts,
  listProviders,
  listTemplates,
  pairAccount,
  updateAccount,
} from './accounts';
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './api-keys';
import { getAssignmentRules, setAssignmentRules } from './assignment';
import { exportAudit, listAudit, listInstallAudit } from './audit';
import { eraseContact, updateContact } from './contacts';
import {
  assignConversation,
  countConversations,
  getConversation,
  listConversations,
  markConversationRead,
  setConversationLabels,
  setConversationStatus,
  setConversationTeam,
  startConversation,
} from './conversations';
import { getDemo } from './demo';
import { exportData } from './export';
import { beginImpersonation, endImpersonation, listTenantMembers } from './impersonation';
import { createLabel, listLabels, updateLabel } from './labels';
import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  openInvitation,
  resendInvitation,
  revokeInvitation,
} from './invitations';
import { endMySession, endMySessions, getMe, listMySessions, switchTenant } from './me';
import {
  changeMember,
  deactivateMember,
  endMemberSessions,
  listMembers,
  listMemberSessions,
  listTeam,
  previewSight,
  reactivateMember,
  setAvailability,
} from './members';
import { checkMessage, listMessages, retryMessage, sendMessage, sendTyping } from './messages';
import { listEvents } from './realtime';
import { getRetention, setRetention } from './retention';
import { createRole, deleteRole, listRoles, updateRole } from './roles';
import type { AnyRoute } from './route';
import { setSecurity } from './security';
import { createFirstSuperAdmin } from './setup';
import { getTenantSettings, setTenantSettings } from './tenant-settings';
import { createTeam, deleteTeam, listTeams, updateTeam } from './teams';
import {
  createTenant,
  deleteTenant,
  getTenant,
  inviteTenantAdmin,
  listDeadLetters,
  listInstallAccounts,
  listTenants,
  replayDeadLetters,
  restoreTenant,
  suspendTenant,
  updateTenant,
} from './tenants';
import { setVisibility } from './visibility';

/** Every route of the API. The server refuses to start when one has no handler, or two. */
export const routes = {
  getMe,
  switchTenant,
  listMySessions,
  endMySession,
  endMySessions,
  getDemo,
  listConversations,
  countConversations,
  getConversation,
  startConversation,
  assignConversation,
  setConversationTeam,
  setConversationLabels,
  setConversationStatus,
  markConversationRead,
  listMessages,
  sendMessage,
  sendTyping,
  retryMessage,
  checkMessage,
  listEvents,
  listMembers,
  setAvailability,
  listTeam,
  changeMember,
  deactivateMember,
  reactivateMember,
  previewSight,
  listMemberSessions,
  endMemberSessions,
  listInvitations,
  createInvitation,
  resendInvitation,
  revokeInvitation,
  openInvitation,
  acceptInvitation,
  listRoles,
  createRole,
  updateRole,
  deleteRole,
  setSecurity,
  setVisibility,
  getAssignmentRules,
  setAssignmentRules,
  getTenantSettings,
  setTenantSettings,
  getRetention,
  setRetention,
  listApiKeys,
  createApiKey,
  rotateApiKey,
  revokeApiKey,
  listTeams,
  createTeam,
  updateTeam,
  deleteTeam,
  listLabels,
  createLabel,
  updateLabel,
  updateContact,
  eraseContact,
  listAccounts,
  listProviders,
  getAccount,
  createAccount,
  updateAccount,
  listAccountDays,
  pairAccount,
  getAccountImpact,
  deleteAccount,
  listTemplates,
  listAudit,
  exportAudit,
  listTenants,
  getTenant,
  inviteTenantAdmin,
  createTenant,
  updateTenant,
  suspendTenant,
  restoreTenant,
  deleteTenant,
  listInstallAccounts,
  listDeadLetters,
  replayDeadLetters,
  listInstallAudit,
  listTenantMembers,
  beginImpersonation,
  endImpersonation,
  exportData,
  createFirstSuperAdmin,
} satisfies Record<string, AnyRoute>;
