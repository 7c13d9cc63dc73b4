'use client';

import { Skeleton } from '@/components/skeleton';
import { useDelayed } from './use-delayed';

/** A conversation's header on its way. */
export function HeaderSkeleton() {
  const shown = useDelayed(true, 150);
  return (
    <div aria-busy className="flex h-14 flex-none items-center gap-2.5 border-b border-line px-5">
      {shown && (
        <>
          <Skeleton className="size-8 !rounded-full" />
          <div className="grid gap-2">
            <Skeleton className="h-2.5 w-32" />
            <Skeleton className="h-2 w-44" />
          </div>
        </>
      )}
    </div>
  );
}
