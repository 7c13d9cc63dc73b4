import type * as invitations from '@parley/contracts/invitations';
import type * as setup from '@parley/contracts/setup';
import { at } from '@parley/client/address';

/** Of the contract what the ways in call. */
export const entryRoutes = {
  openInvitation: at<typeof invitations.openInvitation>('POST', '/invitations/open'),
  acceptInvitation: at<typeof invitations.acceptInvitation>('POST', '/invitations/accept'),
  createFirstSuperAdmin: at<typeof setup.createFirstSuperAdmin>('POST', '/setup'),
};
