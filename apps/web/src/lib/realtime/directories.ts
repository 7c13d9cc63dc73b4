import type { Account } from '@parley/contracts/accounts';
import type { Label } from '@parley/contracts/labels';
import type { Member } from '@parley/contracts/members';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { Team } from '@parley/contracts/teams';
import type { QueryClient } from '@tanstack/react-query';
import type { Snapshot } from './snapshot';
import { objectKey, type Sync, syncOf } from './sync';

/** A whole list that every screen needs: the tenant's accounts, labels, members or teams, by name. */
export type Directory<Item> = Snapshot & { kind: 'accounts' | 'labels' | 'members' | 'teams'; items: Item[] };
type AnyDirectory = Directory<Account | Label | Member | Team>;

export const directoryKeys = {
  accounts: ['accounts'],
  labels: ['labels'],
  members: ['members'],
  teams: ['teams'],
} as const;

/** A directory after an event: the object that it carries, added or replaced. */
export function directoryAfter<Item extends { id: string; name: string }>(
  directory: Directory<Item>,
  event: RealtimeEvent,
  sync: Sync,
): Directory<Item> {
  const item = itemOf(event, directory.kind) as Item | null; // `kind` says which of them it is
  if (event.type === 'team.removed' && directory.kind === 'teams' && event.seq > directory.seq)
    return { ...directory, items: directory.items.filter(({ id }) => id !== event.teamId) };
  if (!item || event.seq <= directory.seq || sync.overtaken(objectKey(event), event.seq)) return directory;
  const old = directory.items.find(({ id }) => id === item.id); // what one may do with it stays
  const items = [...directory.items.filter(({ id }) => id !== item.id), { ...old, ...item }].sort((a, b) =>
    a.name.localeCompare(b.name),
  );
  return { ...directory, items: gone(item) ? items.filter(({ id }) => id !== item.id) : items };
}

export function changeDirectory(client: QueryClient, kind: AnyDirectory['kind'], event: RealtimeEvent): void {
  client.setQueryData<AnyDirectory>(
    directoryKeys[kind],
    (directory) => directory && directoryAfter(directory, event, syncOf(client)),
  );
}

function itemOf(event: RealtimeEvent, kind: AnyDirectory['kind']): Account | Label | Member | Team | null {
  if (event.type === 'account.updated') return kind === 'accounts' ? event.account : null;
  if (event.type === 'label.updated') return kind === 'labels' ? event.label : null;
  if (event.type === 'member.updated') return kind === 'members' ? event.member : null;
  if (event.type === 'team.updated') return kind === 'teams' ? event.team : null;
  return null;
}

/** A deleted account leaves the list; its conversations still name it. */
function gone(item: { id: string }): boolean {
  return 'state' in item && item.state === 'deleted';
}
