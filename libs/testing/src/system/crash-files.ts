import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { getFileLink } from '@parley/contracts/files';
import type { CrashPoint } from '@parley/platform/crash-points';
import { expect } from 'vitest';
import { waitFor } from '../wait-for';
import { after, type CrashStage } from './crash-stage';

const PHONE = '+12025571999';

/**
 * The worker dies while it fetches a customer's file: its message stands, another fetches it, and there is one file and one
 * word of it.
 */
export function fetchFile({ kept }: { kept: boolean }) {
  return async (stage: CrashStage, point: CrashPoint): Promise<string> => {
    const { app, simulator } = stage.system;
    const { tenant, owner } = await app.newTenant();
    const account = await stage.system.connect(tenant, 'evolution');
    const watchers = await stage.watch(owner);
    await stage.startDying(point);
    await simulator.receive(account.provider, account.ref, { from: PHONE, kind: 'image', text: 'look' });
    await stage.died(point);
    const [file] = await app.sql<{ id: string; state: string }[]>`
      update attachments set due_at = now() where tenant_id = ${tenant.id} returning id, state`; // its lease is over
    expect(file?.state).toBe(kept ? 'ready' : 'pending');
    const since = performance.now();
    await stage.startAgain();
    const id = file?.id ?? '';
    const { url } = await waitFor('the file', async () => {
      const { status, body } = await app.as(owner).call(getFileLink, { params: { id } });
      return status === 200 ? body : undefined;
    });
    const fetched = after(since, 'here');
    const response = await app.fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await response.arrayBuffer()).byteLength).toBe(Number(response.headers.get('content-length')));
    expect(await readdir(path.join(app.env.FILES_DIR, 'files', tenant.id))).toEqual([id]);
    expect((await tenant.events()).map(({ type }) => type)).toEqual(['message.created', 'message.updated']);
    await stage.expectTold(watchers);
    await watchers.stop();
    return fetched;
  };
}
