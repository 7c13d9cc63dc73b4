import type { ListedTeam, Team } from '@parley/contracts/teams';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { canTeam } from '../people/can';
import { listAgents, raiseRights } from '../people/rights';
import { SessionsService } from '../people/sessions.service';
import { getTeam } from './held-team';
import { listTeams, lockMembers, removeTeam, saveTeam, setMembers, takeConversations } from './teams.queries';

type Tx = TenantTx<MemberContext>;
const Place = z.tuple([CursorName, z.uuid()]);
/** In one transaction: it holds them. */
const AT_ONCE = 1000;

/** Who works on the same conversations. Giving one to a team is the conversation's business. */
@Injectable()
export class TeamsService {
  constructor(
    private readonly db: TenantDb,
    private readonly sessions: SessionsService,
  ) {}

  /** By name. */
  list(
    ctx: MemberContext,
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ListedTeam[]; nextCursor: string | null }> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const found = await listTeams(tx, { after, limit: limit + 1 });
      const { rows, nextCursor } = cutPage(found, limit, (last) => [last.nameKey, last.id]);
      return { items: rows.map(({ id, name }) => shownTo(ctx, { id, name })), nextCursor };
    });
  }

  /** Throws `conflict` when the name is taken, in whatever case, `not_found` of a member. */
  create(ctx: MemberContext, { name, memberIds }: { name: string; memberIds: string[] }): Promise<ListedTeam> {
    const team = { id: uuid7(), name };
    return this.change(ctx, async (tx) => {
      await save(tx, team);
      const members = await this.setMembers(tx, team.id, { memberIds, telling: team });
      const after = { name, memberIds: members.after };
      tx.audit({ action: 'team.created', target: { kind: 'team', id: team.id }, after });
      return shownTo(ctx, team);
    });
  }

  /** `memberIds`: all of them. Throws `not_found`, also of a member, and `conflict`. */
  update(
    ctx: MemberContext,
    id: string,
    { name, memberIds }: { name?: string | undefined; memberIds?: string[] | undefined },
  ): Promise<ListedTeam> {
    return this.change(ctx, async (tx) => {
      const old = await getTeam(tx, id, 'for no key update');
      const team = { id, name: name ?? old.name };
      const renamed = team.name !== old.name;
      if (renamed) await save(tx, team);
      const members = await this.setMembers(tx, id, { memberIds, telling: renamed ? team : null });
      const before = { name: old.name, memberIds: members.before };
      const after = { name: team.name, memberIds: members.after };
      if (isChanged(before, after)) tx.audit({ action: 'team.updated', target: { kind: 'team', id }, before, after });
      return shownTo(ctx, team);
    });
  }

  /**
   * Its conversations stay with whom they are, and nobody is told of each: whoever sees them for another reason now starts
   * again. In steps; cut short, it goes on when it is called again. Throws `not_found`.
   */
  async delete(ctx: MemberContext, id: string): Promise<void> {
    for (let gone = false; !gone;) gone = await this.change(ctx, (tx) => this.takeApart(tx, id));
  }

  /** False: it has conversations still. */
  private async takeApart(tx: Tx, id: string): Promise<boolean> {
    const { name } = await getTeam(tx, id, 'for update'); // nobody gives it another one meanwhile
    if ((await takeConversations(tx, id, AT_ONCE)) === AT_ONCE) {
      tx.emit({ type: 'team.updated', audience: { to: 'tenant' }, team: { id, name } });
      await raiseRights(tx, await listAgents(tx), 1); // should nobody come back to the rest, these are free as well
      return false;
    }
    const memberIds = (await lockMembers(tx, id, [])).map((one) => one.id);
    const left = await setMembers(tx, id, []);
    await removeTeam(tx, id);
    tx.emit({ type: 'team.removed', audience: { to: 'tenant' }, teamId: id });
    for (const member of left) tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member });
    tx.audit({ action: 'team.deleted', target: { kind: 'team', id }, before: { name, memberIds } });
    await raiseRights(tx, await listAgents(tx), left.length + 1);
    return true;
  }

  /** Who comes or leaves sees something else from now on: they start again. `telling`: of the team itself, first. */
  private async setMembers(
    tx: Tx,
    teamId: string,
    { memberIds, telling }: { memberIds: string[] | undefined; telling: Team | null },
  ): Promise<{ before: string[]; after: string[] }> {
    if (telling) tx.emit({ type: 'team.updated', audience: { to: 'tenant' }, team: telling });
    const wanted = memberIds && [...new Set(memberIds)].sort();
    const found = await lockMembers(tx, teamId, wanted ?? []);
    const before = found.flatMap(({ id, isOfTeam }) => (isOfTeam ? [id] : []));
    if (!wanted) return { before, after: before };
    if (wanted.some((id) => !found.some((one) => one.id === id))) throw notFound('member');
    const changed = await setMembers(tx, teamId, wanted);
    for (const member of changed) tx.emit({ type: 'member.updated', audience: { to: 'tenant' }, member });
    const ids = changed.map(({ id }) => id);
    await raiseRights(tx, ids, ids.length + (telling ? 1 : 0));
    return { before, after: wanted };
  }

  private async change<T>(ctx: MemberContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    const done = await this.db.transaction(ctx, work);
    this.sessions.forgetAll();
    return done;
  }
}

/** Two names are the same when people read them the same. */
async function save(tx: Tx, team: Team): Promise<void> {
  const nameKey = team.name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
  if (await saveTeam(tx, team, nameKey)) return;
  throw new AppError('conflict', `There is a team “${team.name}” already.`, {
    errors: [{ path: 'name', message: 'is taken' }],
  });
}

function shownTo(ctx: MemberContext, team: Team): ListedTeam {
  return { ...team, me: { can: canTeam(ctx) } };
}
