import type { AssignmentRules, AutoAssign } from '@parley/contracts/assignment';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { reassign } from '../conversations/changes';
import { lockAll, type LockedConversation } from '../conversations/locked-conversation';
import { MembersService } from '../members/members.service';
import { announceMessages } from '../messages/announce';
import {
  findWork,
  listCandidates,
  listStuck,
  listUnassigned,
  noteServed,
  RULED,
  takeTurn,
  type Candidate,
} from './assignment.queries';

/** In one transaction: it holds their conversations. */
const AT_ONCE = 25;

type Receiver = { id: string; name: string };

/**
 * Keeps to the tenants' rules of who is given what: first it takes from who is away, then it gives to who is here, the longest
 * waiting first. Called each second by a timer of every worker; one at a time is at work for a tenant. A row that is locked
 * decides: who took a conversation by hand meanwhile has it.
 */
@Injectable()
export class AssignmentService {
  private readonly log = new Logger('assignment');

  constructor(
    private readonly db: TenantDb,
    private readonly members: MembersService,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  async turn(): Promise<void> {
    const tenants = await this.platform.query((sql) => run<AssignmentRules & { id: string }>(sql, RULED));
    for (const { id, ...rules } of tenants)
      await this.share({ tenantId: id, correlationId: null }, rules).catch((err: unknown) => {
        this.log.warn({ err, tenantId: id }, 'the work of a tenant was not shared; the next turn tries again');
      });
  }

  /** Each in a transaction of its own, for each locks its conversations in the one order. */
  private async share(ctx: TenantContext, { autoAssign, freeWhenAway }: AssignmentRules): Promise<void> {
    const { waits, stuck } = await this.db.read(ctx, findWork);
    if (freeWhenAway && stuck)
      await this.db.transaction(ctx, async (tx) => {
        if (await takeTurn(tx)) await free(tx);
      });
    if (autoAssign !== 'off' && (waits || stuck))
      await this.db.transaction(ctx, async (tx) => {
        if (await takeTurn(tx)) await this.give(tx, autoAssign);
      });
  }

  private async give(tx: TenantTx, autoAssign: Exclude<AutoAssign, 'off'>): Promise<void> {
    const candidates = await listCandidates(tx, autoAssign);
    if (!candidates.length) return;
    const waiting = await listUnassigned(tx, { receivers: candidates.map(({ id }) => id), limit: AT_ONCE });
    const locked = await locksOf(tx, waiting);
    const turns = new Turns(candidates, autoAssign);
    const served: string[] = [];
    for (const { id } of waiting) {
      const conversation = locked.get(id);
      if (conversation?.assigneeId !== null || conversation.status !== 'open') continue; // somebody was there first
      const receiver = await this.nextOf(tx, turns, conversation);
      if (!receiver) continue;
      await hand(tx, conversation, receiver);
      served.push(receiver.id);
    }
    if (served.length) await noteServed(tx, [...new Set(served.reverse())].reverse());
  }

  /** Held active until the commit; who left meanwhile is passed over. */
  private async nextOf(tx: TenantTx, turns: Turns, conversation: LockedConversation): Promise<Receiver | null> {
    for (let candidate; (candidate = turns.next(conversation)); turns.drop(candidate)) {
      const member = await this.members.findActive(tx, candidate.id);
      if (!member) continue;
      turns.serve(candidate);
      return { id: candidate.id, name: member.name };
    }
    return null;
  }
}

/** Whose turn it is among those who are here: they stand in the order in which they were served. */
class Turns {
  constructor(
    private queue: Candidate[],
    private readonly by: Exclude<AutoAssign, 'off'>,
  ) {}

  /** Of those who work with its account and, where a team has it, are of that. */
  next({ accountId, teamId }: Pick<LockedConversation, 'accountId' | 'teamId'>): Candidate | undefined {
    const able = this.queue.filter(
      ({ accountIds, teamIds }) =>
        (accountIds === null || accountIds.includes(accountId)) && (teamId === null || teamIds.includes(teamId)),
    );
    const least = this.by === 'least_busy' ? Math.min(...able.map(({ load }) => load)) : null;
    return able.find(({ load }) => least === null || load === least);
  }

  drop(candidate: Candidate): void {
    this.queue = this.queue.filter((one) => one !== candidate);
  }

  serve(candidate: Candidate): void {
    this.drop(candidate);
    this.queue.push({ ...candidate, load: candidate.load + 1 });
  }
}

async function locksOf(tx: TenantTx, waiting: { id: string }[]): Promise<Map<string, LockedConversation>> {
  const ids = waiting.map(({ id }) => id);
  return new Map((await lockAll(tx, ids)).map((conversation) => [conversation.id, conversation]));
}

async function free(tx: TenantTx): Promise<void> {
  const stuck = await listStuck(tx, AT_ONCE);
  const locked = await locksOf(tx, stuck);
  for (const { id, assigneeId } of stuck) {
    const conversation = locked.get(id);
    if (conversation?.assigneeId === assigneeId && conversation.status === 'open') await hand(tx, conversation, null);
  }
}

async function hand(tx: TenantTx, conversation: LockedConversation, receiver: Receiver | null): Promise<void> {
  const line = await reassign(tx, conversation, receiver);
  await announceMessages(tx, conversation.id, [line], { was: conversation });
}
