import { z } from 'zod';
import { peek } from '../json-body';
import type { Address, ChannelEvent, ChatRef, Item } from '../provider';
import { addressesOf, isGroup } from '../whatsapp-jid';
import { failure, faultOf } from './errors';
import { get, post } from './green-api-http';
import type { GreenApiConfig } from './green-api.config';
import { GROUP_ASKED, GroupData } from './green-api.payloads';
import { itemsOf } from './items';

/**
 * What the instance knows of a group: no notification tells who is in it, who comes or goes, or of a new subject (contract
 * §3.3). Names of people come with what they write.
 */
export async function names(
  { groups }: { people: { address: Address; chat: ChatRef }[]; groups: string[] },
  config: GreenApiConfig,
  http: typeof fetch,
): Promise<Item[]> {
  const items: Item[] = [];
  for (const groupId of groups) {
    const answer = await post(http, config, 'getGroupData', { groupId });
    if (faultOf(answer)?.reason === 'recipient') continue; // a bare string, with 200: it is in it no more
    const group = GroupData.safeParse(answer.json).data;
    if (!answer.ok || !group) throw failure(answer);
    const { subject, participants } = group;
    const instanceData = { idInstance: config.idInstance, typeInstance: 'whatsapp' };
    const call = { typeWebhook: GROUP_ASKED, instanceData, groupData: { groupId, subject, participants } };
    items.push(...itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) }));
  }
  return items;
}

/** What `names` wrote down. */
export function toGroup(call: object): ChannelEvent[] {
  const { groupId, subject, participants } = GroupData.parse(peek(call, 'groupData'));
  const chat = { kind: 'group', externalId: groupId } as const;
  const members = participants.map(({ id, isAdmin, isSuperAdmin }) => ({
    addresses: addressesOf([id]),
    ...((isAdmin || isSuperAdmin) && { admin: true }),
  }));
  const events: ChannelEvent[] = [{ type: 'participants.changed', chat, action: 'replace', members, at: null }];
  return subject === null ? events : [{ type: 'chat.renamed', chat, title: subject }, ...events];
}

const Listed = z
  .array(z.looseObject({ id: z.string().min(1).max(200), name: z.string().nullish().catch(null) }))
  .max(50_000);

/** Its address book holds them among the people. */
export async function groups(config: GreenApiConfig, http: typeof fetch) {
  const answer = await get(http, config, 'getContacts');
  const found = Listed.safeParse(answer.json).data;
  if (!answer.ok || !found) throw failure(answer);
  return found.filter(({ id }) => isGroup(id)).map(({ id, name }) => ({ externalId: id, title: name || id }));
}
