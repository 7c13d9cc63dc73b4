import { deleteTenant } from '@parley/contracts/tenants';
import type { Fleet } from '@parley/testing/rig/fleet';
import { textCall } from '@parley/testing/system/provider-calls';
import type { TestAccount } from '@parley/testing/account';
import { waitFor } from '@parley/testing/wait-for';
import type { ChaosCase } from '../case';
import { deadRows } from './backlog';
import { Knocks } from './knocks';

/** The doors close, a minute passes, and the rows go in a turn or two: workers look once a minute. */
const PATIENCE_MS = 300_000;

/** Its providers know nothing of that and go on calling: those with a door of their own, and those who share one. */
export function tenantDeleted(): ChaosCase {
  let goneId = '';
  let [own, shared] = [undefined as Knocks | undefined, undefined as Knocks | undefined];
  let deletedAt = Infinity;
  return {
    name: 'F39',
    title: 'a tenant that is deleted while its webhooks arrive',
    async inject({ fleet }) {
      const { tenant, owner } = await fleet.app.newTenant({ name: 'Gone' });
      goneId = tenant.id;
      own = knocksAt(fleet, await tenant.newAccount('evolution')).begin();
      shared = knocksAt(fleet, await tenant.newAccount('cloud-api')).begin();
      await waitFor('words of the tenant', async () => (await rowsOf(fleet, goneId)) > 20);
      await fleet.sql`update users set super_admin = true where id = ${owner.userId}`;
      const { status } = await fleet.app
        .as(owner)
        .call(deleteTenant, { params: { id: goneId }, query: { graceDays: 0 } });
      if (status !== 200) throw new Error(`the tenant was not deleted: ${status}`);
      deletedAt = Date.now();
    },
    clear: async () => {},
    async figures({ fleet, marks: { injectedAt } }) {
      const isGone = async () => !(await fleet.sql`select from tenants where id = ${goneId}`).length;
      await waitFor('the tenant to be gone', isGone, { timeoutMs: PATIENCE_MS, everyMs: 500 }).catch(() => {});
      const goneAt = Date.now();
      await waitFor('calls to a tenant that is not there', () => (own?.all.at(-1)?.at ?? 0) > goneAt + 3_000);
      await Promise.all([own?.stop(), shared?.stop()]);
      const [early, late] = [own?.all.filter(({ at }) => at < deletedAt), own?.all.filter(({ at }) => at > goneAt)];
      return [
        { what: 'calls to its shared door', value: shared?.all.length ?? 0, gate: { atLeast: 100 } },
        { what: 'of them not answered 200', value: countBut(shared?.all, 200), gate: { equal: 0 } },
        { what: 'calls to its own door before', value: early?.length ?? 0, gate: { atLeast: 1 } },
        { what: 'of them not answered 200', value: countBut(early, 200), gate: { equal: 0 } },
        { what: 'answers of its own door but 200 and 404', value: countBut(own?.all, 200, 404), gate: { equal: 0 } },
        { what: 'calls to its own door after', value: late?.length ?? 0, gate: { atLeast: 1 } },
        { what: 'of them not answered 404', value: countBut(late, 404), gate: { equal: 0 } },
        { what: 'rows left of it', value: (await isGone()) ? await rowsOf(fleet, goneId) : NaN, gate: { equal: 0 } },
        { what: 'rows that nobody will apply', value: await deadRows(fleet.sql, injectedAt), gate: { equal: 0 } },
      ];
    },
  };
}

const knocksAt = (fleet: Fleet, account: TestAccount) =>
  new Knocks(fleet, account, (n) => textCall(account, { id: `GONE${n}`, text: `words ${n}` }));

const countBut = (knocks: Knocks['all'] = [], ...expected: number[]) =>
  knocks.filter(({ status }) => !expected.includes(status)).length;

async function rowsOf({ sql }: Fleet, tenantId: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select (select count(*)::int from messages where tenant_id = ${tenantId})
      + (select count(*)::int from pending where tenant_id = ${tenantId}) as n`;
  return row?.n ?? 0;
}
