'use client';

import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

/** Ends after an hour, which whoever reads it notices; so it is asked for again only then, or long after it went out of sight. */
export function fileLinkQuery(fileId: string) {
  return queryOptions({
    queryKey: ['file-link', fileId] as const,
    queryFn: async ({ signal }) => (await call(routes.getFileLink, { params: { id: fileId }, signal })).body,
    staleTime: Infinity,
    gcTime: 30 * 60_000,
  });
}

/** A link that was read so long after it came is over rather than wrong. */
const FRESH_MS = 60_000;

export interface FileLink {
  /** Undefined while it is asked for. */
  url: string | undefined;
  /** Browsers may show it in place; else they save it. Undefined as above. */
  inline: boolean | undefined;
  /** It cannot be read. */
  broken: boolean;
  /** The browser could not read it: perhaps the link is over, so a new one is tried once. */
  onError: () => void;
  tryAgain: () => void;
}

export function useFileLink(fileId: string): FileLink {
  const { data, dataUpdatedAt, isError, refetch } = useQuery(fileLinkQuery(fileId));
  const [failures, setFailures] = useState(0);
  return {
    url: data?.url,
    inline: data?.inline,
    broken: isError || failures > 1,
    onError() {
      const isFresh = Date.now() - dataUpdatedAt < FRESH_MS;
      setFailures(isFresh ? failures + 1 : 1);
      if (!isFresh || failures === 0) void refetch();
    },
    tryAgain() {
      setFailures(0);
      void refetch();
    },
  };
}
