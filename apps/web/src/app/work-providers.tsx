'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { TooltipLayer } from '@/components/tooltip';
import { patiently } from '@/lib/patiently';
import { newQueryClient } from '@/lib/query-client';
import { useIdle } from '@/lib/use-idle';

const Toaster = lazy(() =>
  patiently(() => import('@/components/toaster')).then((module) => ({ default: module.Toaster })),
);

/** What pages stand on where one works: cache, tooltips, toasts. */
export function WorkProviders({ nonce, children }: { nonce?: string; children: React.ReactNode }) {
  const [client] = useState(newQueryClient);
  const idle = useIdle();
  return (
    <CSPProvider nonce={nonce}>
      <QueryClientProvider client={client}>
        {children}
        <TooltipLayer />
        {idle && (
          <Suspense>
            <Toaster />
          </Suspense>
        )}
      </QueryClientProvider>
    </CSPProvider>
  );
}
