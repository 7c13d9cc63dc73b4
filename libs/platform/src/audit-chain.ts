import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { actorKinds, AuditAction, auditTargets } from '@parley/contracts/audit';
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '@parley/db/sql';
import { run } from './statements';

/** Values of a thing by name. No secrets, and of contacts nothing but ids: what stands here stays. */
export type AuditFields = Record<string, string | number | boolean | null | readonly string[]>;

/** One change. Of `before` and `after` those fields are kept that differ. */
export interface AuditChange {
  action: AuditAction;
  target?: { kind: (typeof auditTargets)[number]; id: string };
  before?: AuditFields;
  after?: AuditFields;
}

/** Who makes a change, and from where. */
export interface Actor {
  kind: (typeof actorKinds)[number];
  id: string | null;
  name: string | null;
  /** As whom a super-admin acts. */
  asMemberId?: string;
  address: string | null;
  userAgent: string | null;
}

/** What the install does by itself. */
export const SYSTEM: Actor = { kind: 'system', id: null, name: null, address: null, userAgent: null };

/** A row of `audit_log` as it is hashed. `atMs` since 1970. */
export interface AuditRow {
  tenantId: string;
  seq: number;
  atMs: number;
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  asMemberId: string | null;
  action: string;
  targetKind: string | null;
  targetId: string | null;
  before: string | null;
  after: string | null;
  address: string | null;
  userAgent: string | null;
  correlationId: string | null;
  keyId: string;
  previous: string;
}

export interface AuditHead {
  seq: number;
  hash: string;
  seal: string;
}

/**
 * Writes the audit log's chains: one of each tenant, one of the install. Hashes are keyed with a key that is derived from
 * those of the credentials: whoever has the database alone can neither change a row nor end a chain earlier unnoticed.
 */
export class AuditChain {
  private readonly keys: Record<string, Buffer>;

  constructor(
    credentialsKeys: Record<string, string>,
    private readonly currentKeyId: string,
  ) {
    const derive = (key: string) => hkdfSync('sha256', Buffer.from(key, 'base64'), '', 'parley audit log', 32);
    this.keys = Object.fromEntries(
      Object.entries(credentialsKeys).map(([id, key]) => [id, Buffer.from(derive(key))] as const),
    );
  }

  /** With whose chain it is: every chain has a sealed end from its beginning, so that none can be taken away whole. */
  async begin(sql: Sql, chain: string): Promise<void> {
    await run(sql, BEGIN, [chain, this.sealOf(chain, { seq: 0, hash: '' })]);
  }

  /** Adds changes to a chain; in the transaction that makes them, last of all, for the chain is held until its end. */
  async write(
    sql: Sql,
    chain: string,
    changes: readonly AuditChange[],
    by: { actor: Actor; correlationId: string | null; nowMs: number },
  ): Promise<void> {
    if (!changes.length) return;
    const [[head], [log]] = await Promise.all([
      run<AuditHead>(sql, LOCK_HEAD, [chain]),
      run<{ last: number }>(sql, LAST, [chain]),
    ]);
    if (!head || !log) throw new Error('the audit log has no end to go on from');
    const isWhole = log.last === head.seq && this.isSealed(chain, head);
    const broken = isWhole ? [] : [this.rowOf(chain, { action: 'audit.broken' }, { ...by, actor: SYSTEM })];
    const rows = [...broken, ...changes.map((change) => this.rowOf(chain, change, by))];
    let end = { seq: Math.max(head.seq, log.last), hash: head.hash };
    const writes = rows.map((row) => {
      const whole = { ...row, seq: end.seq + 1, previous: end.hash };
      end = { seq: whole.seq, hash: this.hashOf(whole) ?? '' };
      return run(sql, INSERT, [...valuesOf(whole), end.hash]);
    });
    await Promise.all([...writes, run(sql, SET_HEAD, [chain, end.seq, end.hash, this.sealOf(chain, end)])]);
  }

  /** Undefined: hashed with a key that we do not have. */
  hashOf(row: AuditRow): string | undefined {
    return this.mac(row.keyId, valuesOf(row));
  }

  isSealed(chain: string, { seq, hash, seal }: AuditHead): boolean {
    const [keyId = '', mac] = seal.split('.');
    const expected = this.mac(keyId, ['head', chain, seq, hash]);
    return mac !== undefined && expected !== undefined && isEqual(mac, expected);
  }

  private sealOf(chain: string, { seq, hash }: { seq: number; hash: string }): string {
    return `${this.currentKeyId}.${this.mac(this.currentKeyId, ['head', chain, seq, hash])}`;
  }

  private mac(keyId: string, values: readonly unknown[]): string | undefined {
    const key = this.keys[keyId];
    return key && createHmac('sha256', key).update(JSON.stringify(values)).digest('base64url');
  }

  private rowOf(
    tenantId: string,
    { action, target, before, after }: AuditChange,
    { actor, correlationId, nowMs }: { actor: Actor; correlationId: string | null; nowMs: number },
  ): Omit<AuditRow, 'seq' | 'previous'> {
    const [from, to] = differing(before, after);
    return {
      tenantId,
      atMs: Math.floor(nowMs),
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      asMemberId: actor.asMemberId ?? null,
      action,
      targetKind: target?.kind ?? null,
      targetId: target?.id ?? null,
      before: from && JSON.stringify(from),
      after: to && JSON.stringify(to),
      address: actor.address,
      userAgent: actor.userAgent?.slice(0, 300) ?? null,
      correlationId,
      keyId: this.currentKeyId,
    };
  }
}

/** Whether a change of these values is worth an entry. */
export function isChanged(before: AuditFields, after: AuditFields): boolean {
  return differing(before, after).some(Boolean);
}

function differing(before?: AuditFields, after?: AuditFields): [AuditFields | null, AuditFields | null] {
  if (!before || !after) return [before ?? null, after ?? null];
  const only = (own: AuditFields, other: AuditFields) => {
    const fields = Object.entries(own).filter(([name, value]) => !isDeepStrictEqual(value, other[name]));
    return fields.length ? Object.fromEntries(fields) : null;
  };
  return [only(before, after), only(after, before)];
}

/** In the order of `INSERT`, which is the order in which they are hashed. */
function valuesOf(row: AuditRow) {
  return [
    row.tenantId,
    row.seq,
    row.atMs,
    row.actorKind,
    row.actorId,
    row.actorName,
    row.asMemberId,
    row.action,
    row.targetKind,
    row.targetId,
    row.before,
    row.after,
    row.address,
    row.userAgent,
    row.correlationId,
    row.keyId,
    row.previous,
  ];
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const BEGIN = `insert into audit_heads (tenant_id, seal) values ($1, $2) on conflict do nothing`;

const LOCK_HEAD = `insert into audit_heads (tenant_id) values ($1)
  on conflict (tenant_id) do update set seq = audit_heads.seq returning seq, hash, seal`;

/** After the lock, with a snapshot of its own: of the head alone nobody would see that rows are gone. */
const LAST = `select coalesce(max(seq), 0) as last from audit_log where tenant_id = $1`;

const INSERT = `insert into audit_log (tenant_id, seq, at, actor_kind, actor_id, actor_name, as_member_id, action, target_kind, target_id,
    before, after, address, user_agent, correlation_id, key_id, previous, hash)
  values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`;

const SET_HEAD = `update audit_heads set seq = $2, hash = $3, seal = $4 where tenant_id = $1`;
