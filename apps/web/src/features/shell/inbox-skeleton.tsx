import { Skeleton } from '@/components/skeleton';

/** The frame of the inbox while it is found out who looks: what comes will not move it. */
export function InboxSkeleton() {
  return (
    <div
      aria-busy
      className="grid h-dvh grid-cols-1 md:grid-cols-[56px_320px_minmax(0,1fr)] lg:grid-cols-[56px_352px_minmax(0,1fr)]"
    >
      <div className="flex flex-col items-center border-e border-line bg-canvas pt-2.5 max-md:hidden">
        <Skeleton className="size-8 !rounded-3" />
      </div>
      <div className="bg-pane max-md:bg-sheet md:border-e md:border-line" />
      <main className="bg-sheet max-md:hidden" />
    </div>
  );
}
