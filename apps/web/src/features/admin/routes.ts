import type * as audit from '@parley/contracts/audit';
import type * as impersonation from '@parley/contracts/impersonation';
import type * as superAdmins from '@parley/contracts/super-admins';
import type * as tenants from '@parley/contracts/tenants';
import { at } from '@parley/client/address';

/** Of the contract what who runs the install calls. */
export const adminRoutes = {
  listTenants: at<typeof tenants.listTenants>('GET', '/admin/tenants'),
  getTenant: at<typeof tenants.getTenant>('GET', '/admin/tenants/:id'),
  createTenant: at<typeof tenants.createTenant>('POST', '/admin/tenants'),
  updateTenant: at<typeof tenants.updateTenant>('PATCH', '/admin/tenants/:id'),
  suspendTenant: at<typeof tenants.suspendTenant>('POST', '/admin/tenants/:id/suspend'),
  restoreTenant: at<typeof tenants.restoreTenant>('POST', '/admin/tenants/:id/restore'),
  deleteTenant: at<typeof tenants.deleteTenant>('DELETE', '/admin/tenants/:id'),
  listInstallAccounts: at<typeof tenants.listInstallAccounts>('GET', '/admin/accounts'),
  listDeadLetters: at<typeof tenants.listDeadLetters>('GET', '/admin/dead-letters'),
  replayDeadLetters: at<typeof tenants.replayDeadLetters>('POST', '/admin/dead-letters/replay'),
  listInstallAudit: at<typeof audit.listInstallAudit>('GET', '/admin/audit'),
  listSuperAdmins: at<typeof superAdmins.listSuperAdmins>('GET', '/admin/super-admins'),
  listSuperAdminInvitations: at<typeof superAdmins.listSuperAdminInvitations>('GET', '/admin/super-admins/invitations'),
  inviteSuperAdmin: at<typeof superAdmins.inviteSuperAdmin>('POST', '/admin/super-admins/invitations'),
  revokeSuperAdminInvitation: at<typeof superAdmins.revokeSuperAdminInvitation>(
    'DELETE',
    '/admin/super-admins/invitations/:id',
  ),
  removeSuperAdmin: at<typeof superAdmins.removeSuperAdmin>('DELETE', '/admin/super-admins/:id'),
  listTenantMembers: at<typeof impersonation.listTenantMembers>('GET', '/admin/tenants/:id/members'),
  beginImpersonation: at<typeof impersonation.beginImpersonation>('POST', '/admin/impersonations'),
};
