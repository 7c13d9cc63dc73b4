import type { ConversationFilter } from '@parley/contracts/conversations';
import { conversationStatuses } from '@/lib/contract-values';

export const tabs = ['mine', 'unassigned', 'all'] as const;
export type Tab = (typeof tabs)[number];

/** `any` shows every status. */
export const statusChoices = ['open', 'pending', 'resolved', 'any'] as const;
export type StatusChoice = (typeof statusChoices)[number];

/** What the list shows. It lives in the address, so that it can be shared and survives a reload. */
export interface View {
  tab: Tab;
  status: StatusChoice;
  account: string | null;
  team: string | null;
  label: string | null;
  q: string;
}

const initial: View = { tab: 'mine', status: 'open', account: null, team: null, label: null, q: '' };

export function readView(params: URLSearchParams): View {
  return {
    tab: tabs.find((tab) => tab === params.get('view')) ?? initial.tab,
    status: statusChoices.find((status) => status === params.get('status')) ?? initial.status,
    account: params.get('account'),
    team: params.get('team'),
    label: params.get('label'),
    q: params.get('q') ?? '',
  };
}

/** The query of a view; what is usual is left out. */
export function viewSearch(view: View): string {
  const params = new URLSearchParams();
  if (view.tab !== initial.tab) params.set('view', view.tab);
  if (view.status !== initial.status) params.set('status', view.status);
  if (view.account) params.set('account', view.account);
  if (view.team) params.set('team', view.team);
  if (view.label) params.set('label', view.label);
  if (view.q) params.set('q', view.q);
  return params.size > 0 ? `?${params}` : '';
}

/** What the API is asked. A search looks everywhere: whom one looks for may be with somebody else, or done. */
export function filterOf(view: View): ConversationFilter {
  const q = view.q.trim().slice(0, 100);
  const { account, team, label } = view;
  const shared = { account: account ?? undefined, team: team ?? undefined, label: label ?? undefined };
  if (q) return { ...shared, q };
  return {
    ...shared,
    status: conversationStatuses.find((status) => status === view.status),
    assignee: view.tab === 'mine' ? 'me' : view.tab === 'unassigned' ? 'none' : undefined,
  };
}

/** How many conversations a page of the list holds. */
const LIMIT = 50;

/** What the API is asked for a page of a list. */
export function listQuery(filter: ConversationFilter, cursor?: string) {
  return { ...filter, cursor, limit: LIMIT };
}
