/** What somebody was let in by, and what their streams hang on: a session's id, or the tenant's and the key's. */
export type Credential = string;

export function keyCredential(tenantId: string, keyId: string): Credential {
  return `${tenantId}/${keyId}`;
}

/** Null: it is a session's. */
export function keyOf(credential: Credential): { tenantId: string; id: string } | null {
  const [tenantId = '', id] = credential.split('/');
  return id === undefined ? null : { tenantId, id };
}
