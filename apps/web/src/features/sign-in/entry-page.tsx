import { ParleyMark } from './parley-mark';
import { SampleTalk } from './sample-talk';

/** The frame of every way in: what is asked at the start, what it is for at the end. */
export function EntryPage({ children }: { children: React.ReactNode }) {
  return (
    <div className="grid h-dvh lg:grid-cols-[minmax(0,1fr)_600px]">
      <main className="flex min-h-0 flex-col overflow-y-auto bg-sheet px-6 pt-7 pb-5 md:px-10">
        <ParleyMark />
        {children}
      </main>
      <SampleTalk />
    </div>
  );
}
