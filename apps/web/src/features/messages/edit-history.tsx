'use client';

import { useTranslations } from 'next-intl';
import { Suspense } from 'react';
import { Popover } from '@/components/popover';
import { Skeleton } from '@/components/skeleton';
import { lateComponent } from '@/lib/late-component';
import type { ThreadMessage } from './thread-rows';

const EditVersions = lateComponent(() => import('./edit-versions').then((module) => module.EditVersions));

/** The word "edited", which opens what the message said before. */
export function EditHistory({ message }: { message: ThreadMessage }) {
  const t = useTranslations('messages.meta');
  return (
    <Popover
      label={t('history')}
      side="top"
      className="w-[320px] p-3"
      trigger={
        <button
          type="button"
          title={t('openHistory')}
          className="reach rounded-1 underline decoration-dotted underline-offset-2 hover:text-ink"
        >
          {t('edited')}
        </button>
      }
    >
      <Suspense fallback={<Skeleton className="h-10" />}>
        <EditVersions message={message} />
      </Suspense>
    </Popover>
  );
}
