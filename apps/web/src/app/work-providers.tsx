'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { TooltipLayer } from '@/components/tooltip';
import { lateComponent } from '@/lib/late-component';
import { newQueryClient } from '@/lib/query-client';
import { useIdle } from '@/lib/use-idle';

const Toaster = lateComponent(() => import('@/components/toaster').then((module) => module.Toaster));

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
