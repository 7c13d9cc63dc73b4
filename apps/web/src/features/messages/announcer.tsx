'use client';

import type { Message } from '@parley/contracts/messages';
import { useTranslations } from 'next-intl';
import { useMessageLabel } from './use-message-label';

/** Reads out what comes in while the thread is open, and nothing else. */
export function Announcer({ message }: { message: Message | null }) {
  return (
    <p role="status" className="sr-only">
      {message && <Announcement key={message.id} message={message} />}
    </p>
  );
}

function Announcement({ message }: { message: Message }) {
  const t = useTranslations('messages');
  return t('incoming', { message: useMessageLabel(message) });
}
