import type { TestApp } from '@parley/testing/app';
import postgres from 'postgres';

/** What the SQL of a page costs by itself: prepared, as the owner, one statement on one connection. */
export type Control = (count: number) => Promise<number[]>;

export interface Controls {
  list: Control;
  history: Control;
  search: Control;
  counts: Control;
  close(): Promise<void>;
}

const LIST = `select * from conversations where tenant_id = $1 and status = $2
  order by last_message_at desc nulls last, id desc nulls last limit 51`;
const HISTORY = `select * from messages where tenant_id = $1 and conversation_id = $2 and (position, id) < ($3::bigint, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
  order by position desc nulls last, id desc nulls last limit 51`;
const SEARCH = `select c.id from search_texts s join conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
  where s.tenant_id = $1 and s.text like $2 order by c.last_message_at desc, c.id desc limit 51`;
const COUNT = `select count(*) from conversations where tenant_id = $1 and status = 'open'`;

/** On these tenants. */
export async function startControls({ sql: owner, env }: TestApp, tenants: string[]): Promise<Controls> {
  const sql = postgres(env.DATABASE_URL, { max: 1, onnotice() {} });
  const threads = await owner<{ t: string; c: string; position: number; title: string }[]>`
    select t, c.id c, m.position::float8 "position", lower(c.title) title from unnest(${tenants}::uuid[]) t
    cross join lateral (select * from conversations where tenant_id = t order by md5(id::text) limit 20) c
    cross join lateral (select position from messages where tenant_id = t and conversation_id = c.id order by md5(id::text) limit 1) m`;
  const control =
    (text: string, of: (i: number) => unknown[]): Control =>
    async (count) => {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const began = performance.now();
        await sql.unsafe(text, of(i) as never[], { prepare: true });
        times.push(performance.now() - began);
      }
      return times;
    };
  const thread = (i: number) => {
    const one = threads[i % threads.length];
    if (!one) throw new Error('these tenants have no conversations');
    return one;
  };
  return {
    list: control(LIST, (i) => [thread(i).t, i % 3 ? 'open' : 'resolved']),
    history: control(HISTORY, (i) => [thread(i).t, thread(i).c, thread(i).position]),
    search: control(SEARCH, (i) => [thread(i).t, `%${thread(i).title}%`]),
    counts: control(COUNT, (i) => [thread(i).t]),
    close: () => sql.end({ timeout: 1 }),
  };
}
