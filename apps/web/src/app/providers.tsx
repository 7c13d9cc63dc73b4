'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Toaster } from '@/components/toast';
import { TooltipProvider } from '@/components/tooltip';
import { followTheme } from '@/features/settings/theme';
import { newQueryClient } from '@/lib/query-client';

/** What every page stands on: cache, theme, tooltips, toasts. */
export function Providers({ nonce, children }: { nonce?: string; children: React.ReactNode }) {
  const [client] = useState(newQueryClient);
  useEffect(followTheme, []);
  return (
    <CSPProvider nonce={nonce}>
      <QueryClientProvider client={client}>
        <TooltipProvider>{children}</TooltipProvider>
        <Toaster />
      </QueryClientProvider>
    </CSPProvider>
  );
}
