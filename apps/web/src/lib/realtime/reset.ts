import type { QueryClient } from '@tanstack/react-query';
import { type ListData, listsKey } from './conversation-lists';
import { forgetCounts } from './counts';
import { syncOf } from './sync';

/** Pages of a list that are worth fetching again; the rest comes when it is scrolled to. */
const KEEP_PAGES = 2;

/**
 * Events were missed for good, or this member's rights changed: everything is fetched again. What is on the screen
 * stays there until its successor comes, what is not is dropped. The stream goes on from `seq`.
 */
export async function startAfresh(client: QueryClient, seq: number): Promise<void> {
  await client.cancelQueries();
  syncOf(client).begin(seq);
  forgetCounts(client);
  client.removeQueries({ type: 'inactive' });
  for (const query of client.getQueryCache().findAll({ queryKey: listsKey })) {
    const data = query.state.data as ListData | undefined; // the key is ours alone
    if (data && data.pages.length > KEEP_PAGES) {
      client.setQueryData(query.queryKey, {
        pages: data.pages.slice(0, KEEP_PAGES),
        pageParams: data.pageParams.slice(0, KEEP_PAGES),
      });
    }
  }
  void client.invalidateQueries();
}
