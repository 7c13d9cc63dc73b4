import type { Sql } from 'postgres';

/** Tenants of which another sum is kept than their files take. None, always. */
export function miscounted(sql: Sql): Promise<{ tenant_id: string; counted: number; stored: number }[]> {
  return sql<{ tenant_id: string; counted: number; stored: number }[]>`
    select t.id tenant_id, coalesce(s.bytes, 0)::float8 counted, coalesce(a.bytes, 0)::float8 stored
    from tenants t left join tenant_storage s on s.tenant_id = t.id
    left join (select tenant_id, sum(size_bytes) bytes from attachments where state in ('uploading', 'uploaded', 'ready') group by 1) a
      on a.tenant_id = t.id where coalesce(s.bytes, 0) <> coalesce(a.bytes, 0)`;
}
