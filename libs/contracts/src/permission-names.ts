/** What one may do in a tenant, in the order that a person reads it. */
export const permissions = [
  'inbox.read',
  'inbox.write',
  'inbox.assign',
  'contact.write',
  'label.read',
  'member.read',
  'account.read',
  'label.manage',
  'account.manage',
  'member.manage',
  'settings.manage',
  'api_key.manage',
  'audit.read',
] as const;
