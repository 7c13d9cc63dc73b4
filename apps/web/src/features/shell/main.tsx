'use client';

import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { useOpenConversation } from './use-open-conversation';

/** Where one reads and writes. On a phone it is there only with a conversation. */
export function Main({ name, children }: { name?: string; children: React.ReactNode }) {
  const words = useTranslations('conversation');
  const closed = useOpenConversation() === null;
  return (
    <main
      aria-label={name && words('label', { name })}
      className={cx('@container/thread flex min-h-0 min-w-0 flex-col bg-sheet', closed && 'max-md:hidden')}
    >
      {children}
    </main>
  );
}
