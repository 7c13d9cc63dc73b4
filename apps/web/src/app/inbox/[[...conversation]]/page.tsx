import { preload } from 'react-dom';
import { firstReads } from '@/features/shell/first-reads';
import { Inbox } from '@/features/shell/inbox';

/** `/inbox` and `/inbox/:conversationId` are one page: switching conversations never asks the server for a page. */
export default async function InboxPage({ searchParams }: PageProps<'/inbox/[[...conversation]]'>) {
  const search = new URLSearchParams(textsOf(await searchParams));
  for (const address of firstReads(search)) preload(address, { as: 'fetch', crossOrigin: 'anonymous' });
  return <Inbox />;
}

/** Of what an address says twice, the first, as the browser's own reading has it. */
function textsOf(search: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(search).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value[0] : value;
    return text === undefined ? [] : [[name, text]];
  });
}
