import { createHash } from 'node:crypto';
import type { Label } from '@parley/contracts/labels';
import { hues } from '@parley/contracts/primitives';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { countLabels, insertLabel, listLabels } from './labels.queries';

const Place = z.tuple([CursorName, z.uuid()]);

/** The tenant's marks for conversations. Setting them on one is the conversation's business. */
@Injectable()
export class LabelsService {
  constructor(private readonly db: TenantDb) {}

  /** By name. */
  list(
    ctx: TenantContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: Label[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const { rows, nextCursor } = cutPage(await listLabels(tx, { after, limit: limit + 1 }), limit, (last) => [
        last.nameKey,
        last.id,
      ]);
      return { items: rows.map(({ nameKey: _, ...label }) => label), nextCursor };
    });
  }

  /** Throws `conflict` when the name is taken, in whatever case. */
  create(
    ctx: TenantContext,
    { name, hue = hueOf(name) }: { name: string; hue?: Label['hue'] | undefined },
  ): Promise<Label> {
    return this.db.transaction(ctx, async (tx) => {
      const label: Label = { id: uuid7(), name, hue };
      if (!(await insertLabel(tx, label, keyOf(name)))) {
        throw new AppError('conflict', `There is a label “${name}” already.`, {
          errors: [{ path: 'name', message: 'is taken' }],
        });
      }
      tx.emit({ type: 'label.updated', audience: { to: 'tenant' }, label });
      tx.audit({ action: 'label.created', target: { kind: 'label', id: label.id }, after: { name, hue } });
      return label;
    });
  }

  /** Throws `not_found` when one of these distinct ids is no label of the tenant. */
  async assertExist(tx: TenantTx, ids: string[]): Promise<void> {
    if (ids.length && (await countLabels(tx, ids)) < ids.length) throw notFound('label');
  }
}

/** Two names are the same when people read them the same. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

/** The same for the same name, and any of them. */
function hueOf(name: string): Label['hue'] {
  const place = createHash('sha256').update(keyOf(name)).digest().readUInt32BE() % hues.length;
  return hues[place] ?? hues[0];
}
