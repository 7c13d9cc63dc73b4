'use client';

import { useTranslations } from 'next-intl';
import type { ThreadMessage } from './thread-rows';
import { useMessageLabel } from './use-message-label';

interface AnnouncerProps {
  /** The last that came in. */
  incoming: ThreadMessage | null;
  /** The last of ours that failed. */
  failed: ThreadMessage | null;
}

/** Reads out what comes in while the thread is open, and what of ours did not go out; nothing else. */
export function Announcer({ incoming, failed }: AnnouncerProps) {
  return (
    <>
      <p role="status" className="sr-only">
        {incoming && <Announcement key={incoming.id} words="incoming" message={incoming} />}
      </p>
      <p role="alert" className="sr-only">
        {failed && <Announcement key={failed.id} words="failed" message={failed} />}
      </p>
    </>
  );
}

function Announcement({ words, message }: { words: 'incoming' | 'failed'; message: ThreadMessage }) {
  const t = useTranslations('messages');
  const label = useMessageLabel(message);
  return words === 'incoming' ? t('incoming', { message: label }) : t('failed', { message: label });
}
