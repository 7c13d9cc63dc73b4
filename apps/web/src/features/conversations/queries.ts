import type { ConversationDetails, ConversationFilter } from '@parley/contracts/conversations';
import { infiniteQueryOptions, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { call } from '@/lib/api';
import { detailsAfter, detailsKey, type DetailsSnapshot, knownConversation } from '@/lib/realtime/conversation-details';
import { listKeyOf, listPageAfter, type ListPage, listsKey } from '@/lib/realtime/conversation-lists';
import { countsKey, type CountsSnapshot, noteConversations, settleCounts } from '@/lib/realtime/counts';
import { olderThan, pageOf, type PageParam, settlePages } from '@/lib/realtime/pages';
import { freshFrom, settleOne } from '@/lib/realtime/snapshot';
import { routes } from '@/lib/routes';
import { listQuery } from './view';

export const conversationQueries = {
  /** The conversations that a filter lets through, the latest first, page by page. */
  list: (filter: ConversationFilter) =>
    infiniteQueryOptions({
      queryKey: [...listsKey, filter] as const,
      queryFn: async ({ pageParam, signal, client, queryKey }): Promise<ListPage> => {
        const cursor = pageParam && 'cursor' in pageParam ? pageParam.cursor : undefined;
        const { body, stamp } = await call(routes.listConversations, {
          query: listQuery(filter, cursor),
          signal,
        });
        noteConversations(client, stamp.seq, body.items);
        return { ...pageOf(body, pageParam, listKeyOf, freshFrom({ client, queryKey }, stamp.seq)), filter };
      },
      initialPageParam: null as PageParam,
      getNextPageParam: olderThan,
      structuralSharing: settlePages<ListPage>(listPageAfter),
    }),

  /** One conversation with its contact and participants. */
  details: (id: string) =>
    queryOptions({
      queryKey: [...detailsKey, id] as const,
      queryFn: async ({ signal, client, queryKey }): Promise<DetailsSnapshot> => {
        const { body, stamp } = await call(routes.getConversation, { params: { id }, signal });
        noteConversations(client, stamp.seq, [body]);
        return { ...freshFrom({ client, queryKey }, stamp.seq), id, details: body };
      },
      structuralSharing: settleOne<DetailsSnapshot>(detailsAfter),
    }),

  /** The numbers on the tabs. */
  counts: () =>
    queryOptions({
      queryKey: countsKey,
      queryFn: async ({ signal, client, queryKey }): Promise<CountsSnapshot> => {
        const { body, stamp } = await call(routes.countConversations, { signal });
        return { ...freshFrom({ client, queryKey }, stamp.seq), counts: body };
      },
      structuralSharing: settleCounts,
    }),
};

/**
 * The open conversation. Until its details come, what a list knows of it stands in (`contact` null, `partial` true).
 * `gone`: it left this member's sight.
 */
export function useConversation(id: string) {
  const client = useQueryClient();
  // The same function in every render: a new one would be asked anew, and answer with a new object.
  const placeholderData = useCallback((): DetailsSnapshot | undefined => {
    const known = knownConversation(client, id);
    return (
      known && {
        id,
        seq: -1,
        fresh: null,
        details: { contact: null, participants: [], ...known } satisfies ConversationDetails,
      }
    );
  }, [client, id]);
  const query = useQuery({ ...conversationQueries.details(id), placeholderData });
  return {
    conversation: query.data?.details ?? undefined,
    partial: query.isPlaceholderData,
    gone: query.data?.details === null,
    error: query.error,
    refetch: query.refetch,
  };
}
