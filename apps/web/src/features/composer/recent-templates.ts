import { remembered } from '@/lib/remembered';

const MOST = 3;
type Recent = Record<string, string[]>;

/** What was sent from this browser lately, by account, the last first: most of the time it is wanted again. */
export const recentTemplates = remembered<Recent>('parley:templates', {}, isRecent);

export function withRecent(recent: Recent, accountId: string, key: string): Recent {
  const others = recent[accountId]?.filter((each) => each !== key) ?? [];
  return { ...recent, [accountId]: [key, ...others].slice(0, MOST) };
}

function isRecent(value: unknown): value is Recent {
  const isList = (list: unknown) => Array.isArray(list) && list.every((key) => typeof key === 'string');
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isList);
}
