import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@parley/client/api-error';

/**
 * The cache of server state. Events keep what is cached true, so nothing goes stale by itself and nothing is fetched
 * again on focus; the stream says when that no longer holds.
 */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 15 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: (failures, error) => failures < 3 && passes(error),
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 8_000),
      },
      mutations: { retry: false },
    },
  });
}

/** A dead line or a server in trouble may pass; a refusal will not. */
function passes(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500 || error.status === 429;
}
