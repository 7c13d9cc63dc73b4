'use client';

import { useEffect } from 'react';
import { followTheme } from '@/features/settings/theme';

/** What every page stands on. The inbox stands on more: `WorkProviders`. */
export function Providers({ children }: { children: React.ReactNode }) {
  useEffect(followTheme, []);
  return children;
}
