import type { Sql } from 'postgres';

const EVERY_MS = 250;
const PATIENCE_MS = 3_000;

/** How long the oldest webhook that is not applied has waited; null while the database did not say. */
export interface BacklogSample {
  /** Epoch ms. */
  at: number;
  rows: number | null;
  oldestMs: number | null;
}

/** Asks the database four times a second what waits, with words it may not get. */
export class BacklogWatch {
  readonly samples: BacklogSample[] = [];
  private readonly timer: NodeJS.Timeout;
  private asking = false;

  constructor(private readonly fleet: { readonly sql: Sql }) {
    this.timer = setInterval(() => void this.sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async sample(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const at = Date.now();
    const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS).unref());
    const found = await Promise.race([waiting(this.fleet.sql).catch(() => undefined), late]);
    this.samples.push({ at, rows: found?.rows ?? null, oldestMs: found?.oldestMs ?? null });
    this.asking = false;
  }
}

/** An arrival is µs × 2048 and more. Neither dead rows nor echoes that are put off wait for anybody. */
async function waiting(sql: Sql): Promise<{ rows: number; oldestMs: number } | undefined> {
  const [row] = await sql<{ rows: number; oldestMs: number }[]>`
    select count(*)::int as rows,
      coalesce(extract(epoch from clock_timestamp()) * 1000 - min(arrival >> 11) / 1000, 0)::float8 as "oldestMs"
    from pending where dead is null and due_at is null`;
  return row;
}
