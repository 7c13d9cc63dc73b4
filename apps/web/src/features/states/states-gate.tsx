'use client';

import { useQuery } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import { Suspense, useSyncExternalStore } from 'react';
import { call } from '@/lib/api';
import { lateComponent } from '@/lib/late-component';
import { routes } from '@/lib/routes';

const StatesSheet = lateComponent(() => import('./states-sheet').then((module) => module.StatesSheet));
const inDevelopment = process.env.NODE_ENV === 'development';

/** An install with real people behind it has no such page. */
export function StatesGate() {
  // The sheet has drafts and typists of its own from the first moment: things that only a browser has.
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const { data, isError } = useQuery({
    queryKey: ['demo'],
    queryFn: async ({ signal }) => (await call(routes.getDemo, { signal })).body,
    enabled: !inDevelopment,
  });
  if (isError || data?.demo === false) notFound();
  if (!inBrowser || (!inDevelopment && !data)) return null;
  return (
    <Suspense>
      <StatesSheet />
    </Suspense>
  );
}

function never(): () => void {
  return () => undefined;
}
