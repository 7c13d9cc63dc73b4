import type { Permission } from '@parley/contracts/permissions';
import type { TenantContext } from '@parley/platform/tenant-db';
import type { Sight } from './conversations/sight';

/** A signed-in member working in one tenant: made once a request, from the session's active membership. */
export interface MemberContext extends TenantContext {
  userId: string;
  sessionId: string;
  memberId: string;
  /** Shown to colleagues as the sender. */
  memberName: string;
  /** One of the three, or the id of a role of the tenant's. */
  role: string;
  permissions: ReadonlySet<Permission>;
  sight: Sight;
  /** The event that last changed what the member may see, as it stood before `sight` was read. */
  rightsSeq: number;
}
