/**
 * Adds to rows `seat` of participants the contact `k` who sits there (its parts null: nobody who wrote). A seat has its
 * address without the kind, which its form tells. Fenced (`offset 0`), or under row-level security no index is used.
 */
export const joinSeatPerson = (seat: string) => `cross join lateral (
    select case when ${seat}.address like '+%' then '{phone}' when ${seat}.address like '%@lid' then '{lid}'
      when ${seat}.address like '%:%' then '{slack}' else '{bsuid,username}' end::text[] kinds offset 0) s
  left join lateral (select n.id, n.name from identities i
    cross join lateral (select c.id, c.name from contacts c where c.tenant_id = i.tenant_id and c.id = i.contact_id offset 0) n
    where i.tenant_id = ${seat}.tenant_id and i.kind = any(s.kinds) and i.address = ${seat}.address limit 1) k on true`;
