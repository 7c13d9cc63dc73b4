'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '@/components/icon-button';
import { SignedInProvider } from '@/features/session/queries';
import { themeSetting } from '@/features/settings/theme';
import { newQueryClient } from '@/lib/query-client';
import { useRemembered } from '@/lib/remembered';
import { BubbleStates } from './bubble-states';
import { ComposerStates } from './composer-states';
import { PartStates } from './part-states';
import { RowStates } from './row-states';
import { fillCache, me } from './sample-world';

/** Every state, one sheet: the product's own parts over a world that asks no server. */
export function StatesSheet() {
  const t = useTranslations('states');
  const [theme, setTheme] = useRemembered(themeSetting);
  const [client] = useState(() => {
    const made = newQueryClient();
    fillCache(made);
    return made;
  });
  return (
    <QueryClientProvider client={client}>
      <SignedInProvider value={me}>
        <main className="h-dvh overflow-auto bg-sheet">
          <div className="mx-auto grid max-w-[1440px] grid-cols-[352px_minmax(0,1fr)_minmax(0,1fr)] items-start gap-x-10 px-10 pt-8 pb-12 max-lg:grid-cols-1 max-lg:gap-y-8 max-md:px-3">
            <header className="col-span-full mb-5 flex items-start gap-2">
              <div className="min-w-0 flex-1">
                <h1 className="text-title">{t('title')}</h1>
                <p className="text-ink-3">{t('subtitle')}</p>
              </div>
              <IconButton icon={Sun} label={t('light')} on={theme === 'light'} onClick={() => setTheme('light')} />
              <IconButton icon={Moon} label={t('dark')} on={theme === 'dark'} onClick={() => setTheme('dark')} />
            </header>
            <div className="min-w-0">
              <RowStates />
            </div>
            <div className="min-w-0">
              <BubbleStates />
            </div>
            <div className="min-w-0">
              <ComposerStates />
              <PartStates />
            </div>
          </div>
        </main>
      </SignedInProvider>
    </QueryClientProvider>
  );
}
