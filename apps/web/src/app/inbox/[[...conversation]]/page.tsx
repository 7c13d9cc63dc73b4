import { Inbox } from '@/features/shell/inbox';

/** `/inbox` and `/inbox/:conversationId` are one page: switching conversations never asks the server for a page. */
export default function InboxPage() {
  return <Inbox />;
}
