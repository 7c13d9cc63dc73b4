import { infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';
import type { Answer } from '@parley/client/call';

interface Read {
  cursor: string | undefined;
  signal: AbortSignal;
}

/**
 * A list that is read page by page, and anew whenever somebody opens it: unlike what an inbox shows, no event keeps
 * it true.
 */
export function paged<Item>(
  queryKey: QueryKey,
  read: (read: Read) => Promise<Answer<{ items: Item[]; nextCursor: string | null }>>,
) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: async ({ pageParam, signal }) => (await read({ cursor: pageParam, signal })).body,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    staleTime: 0,
  });
}
