import { createHash } from 'node:crypto';
import type { BusinessHours } from '@parley/contracts/business-hours';
import type { Retention } from '@parley/contracts/retention';
import type { TenantSettings } from '@parley/contracts/tenant-settings';
import { isChanged, type AuditFields } from '@parley/platform/audit-chain';
import { run } from '@parley/platform/statements';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { drawLogo } from '../files/logo';

/** Absent or undefined: as it is. */
type Change<Settings> = { [Field in keyof Settings]?: Settings[Field] | undefined };
type Lock = '' | 'for no key update';

/** How a tenant shows itself, when it is there, and how long it keeps what; a worker's timer removes the rest. */
@Injectable()
export class TenantSettingsService {
  constructor(private readonly db: TenantDb) {}

  get(ctx: MemberContext): Promise<TenantSettings> {
    return this.db.read(ctx, (tx) => readSettings(tx));
  }

  /** Throws `too_large`, `invalid` of a logo. */
  async set(ctx: MemberContext, change: Change<TenantSettings>): Promise<TenantSettings> {
    const drawn = change.logo && (await drawLogo(change.logo));
    return this.db.transaction(ctx, async (tx) => {
      const before = await readSettings(tx, 'for no key update');
      const { name = before.name, hue = before.hue, hours = before.hours } = change;
      const { timeZone = before.timeZone, language = before.language } = change;
      const isSame = change.logo === undefined || change.logo === before.logo; // who sends back what they were given
      const logo = isSame ? before.logo : (drawn ?? null);
      const after = { name, hue, logo, timeZone, language, hours };
      if (!told(tx, auditedOf(before), auditedOf(after))) return before;
      await run(
        tx.raw,
        'update tenants set name = $2, hue = $3, logo = $4, time_zone = $5, language = $6, hours = $7::text::jsonb where id = $1',
        [tx.tenantId, name, hue, logo, timeZone, language, hours && JSON.stringify(hours)],
      );
      return after;
    });
  }

  getRetention(ctx: MemberContext): Promise<Retention> {
    return this.db.read(ctx, (tx) => readRetention(tx));
  }

  setRetention(ctx: MemberContext, change: Change<Retention>): Promise<Retention> {
    return this.db.transaction(ctx, async (tx) => {
      const before = await readRetention(tx, 'for no key update');
      const { resolvedDays = before.resolvedDays, webhookDays = before.webhookDays } = change;
      const after = { resolvedDays, webhookDays, eventDays: change.eventDays ?? before.eventDays };
      if (!told(tx, before, after)) return before;
      await run(
        tx.raw,
        'update tenants set keep_resolved_days = $2, keep_webhook_days = $3, keep_event_days = $4 where id = $1',
        [tx.tenantId, resolvedDays, webhookDays, after.eventDays],
      );
      return after;
    });
  }
}

/** For the audit log; false: nothing changes. */
function told(tx: TenantTx, before: AuditFields, after: AuditFields): boolean {
  if (!isChanged(before, after)) return false;
  tx.audit({ action: 'settings.updated', target: { kind: 'tenant', id: tx.tenantId }, before, after });
  return true;
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function auditedOf({ hours, logo, ...rest }: TenantSettings): AuditFields {
  return { ...rest, logo: logo && digestOf(logo), hours: hours && wordsOf(hours) };
}

/** Tells one picture from another, without its bytes. */
function digestOf(logo: string): string {
  return `sha256:${createHash('sha256').update(logo).digest('hex').slice(0, 16)}`;
}

/** As people read it. */
function wordsOf({ week, holidays }: BusinessHours): string[] {
  const open = week.flatMap((day, i) => day.map(({ from, until }) => `${days[i]} ${from}–${until}`));
  return [...open, ...holidays.map(({ date, name }) => `${date} ${name}`)];
}

async function readSettings(tx: TenantTx, lock: Lock = ''): Promise<TenantSettings> {
  return readOne<TenantSettings>(tx, `name, hue, logo, time_zone "timeZone", language, hours`, lock);
}

async function readRetention(tx: TenantTx, lock: Lock = ''): Promise<Retention> {
  const columns = `keep_resolved_days "resolvedDays", keep_webhook_days "webhookDays", keep_event_days "eventDays"`;
  return readOne<Retention>(tx, columns, lock);
}

async function readOne<Settings extends object>(tx: TenantTx, columns: string, lock: Lock): Promise<Settings> {
  const [row] = await run<Settings>(tx.raw, `select ${columns} from tenants where id = $1 ${lock}`, [tx.tenantId]);
  if (!row) throw new Error('a tenant that is at work is not there');
  return row;
}
