import { createHash } from 'node:crypto';
import type { Label, ListedLabel } from '@parley/contracts/labels';
import { hues } from '@parley/contracts/primitives';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { canLabel } from '../people/can';
import { countLabels, insertLabel, listLabels, lockLabel, saveLabel } from './labels.queries';

/** Without permissions it is the install itself. */
type Asker = TenantContext & Partial<Pick<MemberContext, 'permissions'>>;
const Place = z.tuple([CursorName, z.uuid()]);

/** The tenant's marks for conversations. Setting them on one is the conversation's business. */
@Injectable()
export class LabelsService {
  constructor(private readonly db: TenantDb) {}

  /** By name. */
  list(
    ctx: Asker,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ListedLabel[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const { rows, nextCursor } = cutPage(await listLabels(tx, { after, limit: limit + 1 }), limit, (last) => [
        last.nameKey,
        last.id,
      ]);
      return { items: rows.map(({ nameKey: _, ...label }) => shownTo(ctx, label)), nextCursor };
    });
  }

  /** Throws `conflict` when the name is taken, in whatever case. */
  create(
    ctx: Asker,
    { name, hue = hueOf(name) }: { name: string; hue?: Label['hue'] | undefined },
  ): Promise<ListedLabel> {
    return this.db.transaction(ctx, async (tx) => {
      const label: Label = { id: uuid7(), name, hue };
      if (!(await insertLabel(tx, label, keyOf(name)))) throw nameTaken(name);
      tx.emit({ type: 'label.updated', audience: { to: 'tenant' }, label });
      tx.audit({ action: 'label.created', target: { kind: 'label', id: label.id }, after: { name, hue } });
      return shownTo(ctx, label);
    });
  }

  /** Its conversations keep it. Throws `not_found`, `conflict`. */
  update(
    ctx: MemberContext,
    id: string,
    { name, hue }: { name?: string | undefined; hue?: Label['hue'] | undefined },
  ): Promise<ListedLabel> {
    return this.db.transaction(ctx, async (tx) => {
      const before = await lockLabel(tx, id);
      if (!before) throw notFound('label');
      const label: Label = { id, name: name ?? before.name, hue: hue ?? before.hue };
      const [from, to] = [fieldsOf(before), fieldsOf(label)];
      if (!isChanged(from, to)) return shownTo(ctx, label);
      if (!(await saveLabel(tx, label, keyOf(label.name)))) throw nameTaken(label.name);
      tx.emit({ type: 'label.updated', audience: { to: 'tenant' }, label });
      tx.audit({ action: 'label.updated', target: { kind: 'label', id }, before: from, after: to });
      return shownTo(ctx, label);
    });
  }

  /** Throws `not_found` when one of these distinct ids is no label of the tenant. */
  async assertExist(tx: TenantTx, ids: string[]): Promise<void> {
    if (ids.length && (await countLabels(tx, ids)) < ids.length) throw notFound('label');
  }
}

const fieldsOf = ({ name, hue }: Label) => ({ name, hue });

function shownTo({ permissions = new Set() }: Asker, label: Label): ListedLabel {
  return { ...label, me: { can: canLabel({ permissions }) } };
}

function nameTaken(name: string): AppError {
  const errors = [{ path: 'name', message: 'is taken' }];
  return new AppError('conflict', `There is a label “${name}” already.`, { errors });
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
