/** What everybody of the tenant knows of a member, as columns of `members`. */
export const MEMBER = `id, name, coalesce(role, role_id::text) role, active, availability, team_ids "teamIds"`;
