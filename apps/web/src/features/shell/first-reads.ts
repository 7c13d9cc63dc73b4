import { filterOf, listQuery, readView } from '@/features/conversations/view';
import { urlOf } from '@parley/client/call';
import { routes } from '@/lib/routes';

/**
 * What the inbox reads first, at its very addresses: the browser fetches it while the scripts are still on their way,
 * and whoever asks for it finds it there.
 */
export function firstReads(search: URLSearchParams): string[] {
  return [
    urlOf(routes.getMe, {}),
    urlOf(routes.listConversations, { query: listQuery(filterOf(readView(search))) }),
    urlOf(routes.countConversations, {}),
  ];
}
