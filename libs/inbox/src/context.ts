import type { Permission } from '@parley/contracts/permissions';
import type { Actor } from '@parley/platform/audit-chain';
import type { TenantContext } from '@parley/platform/tenant-db';
import type { Credential } from './people/credential';
import type { Sight } from './conversations/sight';

/**
 * Whoever acts in one tenant, made once a request: a signed-in member, from the session's active membership, or a program
 * by its key, which is nobody and may what its permissions say.
 */
export interface MemberContext extends TenantContext {
  credential: Credential;
  /** The member's id, or the key's. */
  actorId: string;
  /** Null: a key. It is nobody's assignee, has read nothing, and answers without taking a conversation. */
  memberId: string | null;
  /** Shown to colleagues as the sender. */
  memberName: string;
  /** One of the three, the id of a role of the tenant's, or `key`. */
  role: string;
  permissions: ReadonlySet<Permission>;
  sight: Sight;
  /** The event that last changed what the member may see, as it stood before `sight` was read. */
  rightsSeq: number;
}

/** A super-admin at work on the install: opens no inbox. */
export interface PlatformContext {
  actor: Actor;
  correlationId: string | null;
  userId: string;
  sessionId: string;
}
