import { z } from 'zod';
import { remembered } from '@/lib/remembered';

const MOST = 3;
const Recent = z.record(z.string(), z.array(z.string()));
type Recent = z.infer<typeof Recent>;

/** What was sent from this browser lately, by account, the last first: most of the time it is wanted again. */
export const recentTemplates = remembered<Recent>(
  'parley:templates',
  {},
  (value): value is Recent => Recent.safeParse(value).success,
);

export function withRecent(recent: Recent, accountId: string, key: string): Recent {
  const others = recent[accountId]?.filter((each) => each !== key) ?? [];
  return { ...recent, [accountId]: [key, ...others].slice(0, MOST) };
}
