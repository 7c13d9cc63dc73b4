import type * as apiKeys from '@parley/contracts/api-keys';
import type * as assignment from '@parley/contracts/assignment';
import type * as audit from '@parley/contracts/audit';
import type * as companySignIn from '@parley/contracts/company-sign-in';
import type * as invitations from '@parley/contracts/invitations';
import type * as me from '@parley/contracts/me';
import type * as members from '@parley/contracts/members';
import type * as retention from '@parley/contracts/retention';
import type * as roles from '@parley/contracts/roles';
import type * as security from '@parley/contracts/security';
import type * as teams from '@parley/contracts/teams';
import type * as tenantSettings from '@parley/contracts/tenant-settings';
import type * as visibility from '@parley/contracts/visibility';
import { at } from '@parley/client/address';

/** Of the contract what the settings call. */
export const teamRoutes = {
  changeMe: at<typeof me.changeMe>('PATCH', '/me'),
  listMySessions: at<typeof me.listMySessions>('GET', '/me/sessions'),
  endMySession: at<typeof me.endMySession>('DELETE', '/me/sessions/:id'),
  endMySessions: at<typeof me.endMySessions>('DELETE', '/me/sessions'),
  listTeam: at<typeof members.listTeam>('GET', '/members'),
  changeMember: at<typeof members.changeMember>('PATCH', '/members/:id'),
  deactivateMember: at<typeof members.deactivateMember>('POST', '/members/:id/deactivate'),
  reactivateMember: at<typeof members.reactivateMember>('POST', '/members/:id/reactivate'),
  previewSight: at<typeof members.previewSight>('GET', '/members/:id/sight'),
  endMemberSessions: at<typeof members.endMemberSessions>('DELETE', '/members/:id/sessions'),
  listInvitations: at<typeof invitations.listInvitations>('GET', '/invitations'),
  createInvitation: at<typeof invitations.createInvitation>('POST', '/invitations'),
  resendInvitation: at<typeof invitations.resendInvitation>('POST', '/invitations/:id/resend'),
  revokeInvitation: at<typeof invitations.revokeInvitation>('DELETE', '/invitations/:id'),
  listRoles: at<typeof roles.listRoles>('GET', '/roles'),
  createRole: at<typeof roles.createRole>('POST', '/roles'),
  updateRole: at<typeof roles.updateRole>('PATCH', '/roles/:id'),
  deleteRole: at<typeof roles.deleteRole>('DELETE', '/roles/:id'),
  createTeam: at<typeof teams.createTeam>('POST', '/inbox/teams'),
  updateTeam: at<typeof teams.updateTeam>('PATCH', '/inbox/teams/:id'),
  deleteTeam: at<typeof teams.deleteTeam>('DELETE', '/inbox/teams/:id'),
  setSecurity: at<typeof security.setSecurity>('PATCH', '/settings/security'),
  getCompanySignIn: at<typeof companySignIn.getCompanySignIn>('GET', '/settings/company-sign-in'),
  setCompanySignIn: at<typeof companySignIn.setCompanySignIn>('PUT', '/settings/company-sign-in'),
  removeCompanySignIn: at<typeof companySignIn.removeCompanySignIn>('DELETE', '/settings/company-sign-in'),
  checkCompanySignIn: at<typeof companySignIn.checkCompanySignIn>('POST', '/settings/company-sign-in/check'),
  setVisibility: at<typeof visibility.setVisibility>('PATCH', '/settings/visibility'),
  getAssignmentRules: at<typeof assignment.getAssignmentRules>('GET', '/settings/assignment'),
  setAssignmentRules: at<typeof assignment.setAssignmentRules>('PATCH', '/settings/assignment'),
  getTenantSettings: at<typeof tenantSettings.getTenantSettings>('GET', '/settings/tenant'),
  setTenantSettings: at<typeof tenantSettings.setTenantSettings>('PATCH', '/settings/tenant'),
  getRetention: at<typeof retention.getRetention>('GET', '/settings/retention'),
  setRetention: at<typeof retention.setRetention>('PATCH', '/settings/retention'),
  listApiKeys: at<typeof apiKeys.listApiKeys>('GET', '/api-keys'),
  createApiKey: at<typeof apiKeys.createApiKey>('POST', '/api-keys'),
  rotateApiKey: at<typeof apiKeys.rotateApiKey>('POST', '/api-keys/:id/rotate'),
  revokeApiKey: at<typeof apiKeys.revokeApiKey>('DELETE', '/api-keys/:id'),
  listAudit: at<typeof audit.listAudit>('GET', '/audit'),
  exportAudit: at<typeof audit.exportAudit>('GET', '/audit/export'),
};
