import { z } from 'zod';
import type { Address, ChatRef, Item } from '../provider';
import { isGroup } from '../whatsapp-jid';
import { faultOf, failure } from './errors';
import type { EvolutionConfig } from './evolution.config';
import { get } from './evolution-http';
import { Group } from './evolution.payloads';
import { itemsOf } from './items';

/**
 * What the server knows of a group, in the form of the event that it sends when it meets one: of a new subject it never
 * tells by itself (contract §3.7). Names of people come with what they write.
 */
export async function names(
  { groups }: { people: { address: Address; chat: ChatRef }[]; groups: string[] },
  config: EvolutionConfig,
  http: typeof fetch,
): Promise<Item[]> {
  const items: Item[] = [];
  for (const groupJid of groups) {
    const answer = await get(http, config, 'group/findGroupInfos', `?${new URLSearchParams({ groupJid }).toString()}`);
    const fault = answer.ok ? undefined : faultOf(answer);
    if (fault?.certain && fault.reason === 'recipient') continue; // the number is in it no more
    const group = Group.safeParse(answer.json).data;
    if (!answer.ok || !group) throw failure(answer);
    const { id, subject, participants } = group;
    const call = { event: 'groups.upsert', instance: config.instance, data: [{ id, subject, participants }] };
    items.push(...itemsOf({ headers: {}, body: Buffer.from(JSON.stringify(call)) }));
  }
  return items;
}

const Listed = z.array(z.looseObject({ id: z.string().min(1).max(200), subject: z.string().nullish() })).max(5000);

/** Slow where there are many: the server asks WhatsApp for the picture of each. */
export async function groups(config: EvolutionConfig, http: typeof fetch) {
  const answer = await get(http, config, 'group/fetchAllGroups', '?getParticipants=false');
  const found = Listed.safeParse(answer.json).data;
  if (!answer.ok || !found) throw failure(answer);
  return found.filter(({ id }) => isGroup(id)).map(({ id, subject }) => ({ externalId: id, title: subject || id }));
}
