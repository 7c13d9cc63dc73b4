import { exportedTypes, type Exported } from '@parley/contracts/export';
import { TenantDb, type TenantContext } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { listExported } from './export.queries';

const PAGE = 500;

/** What a tenant takes along. */
@Injectable()
export class ExportService {
  constructor(private readonly db: TenantDb) {}

  /** Everything, a page at a time: no transaction stays open while somebody reads slowly. */
  async *everything(ctx: TenantContext): AsyncGenerator<Exported> {
    await this.db.transaction(ctx, async (tx) => tx.audit({ action: 'data.exported' }));
    for (const type of exportedTypes) {
      let after: string[] | null = null;
      for (let more = true; more;) {
        const page: { key: string[]; thing: Exported }[] = await this.db.read(ctx, (tx) =>
          listExported(tx, type, { after, limit: PAGE }),
        );
        for (const { thing } of page) yield thing;
        after = page.at(-1)?.key ?? null;
        more = page.length === PAGE;
      }
    }
  }
}
