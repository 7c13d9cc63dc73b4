'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { TypingDots } from '@/components/typing-dots';
import { useMembers } from '@/features/members/queries';
import { useTyping } from '@/lib/realtime/typing';

/** Colleagues who write into the same conversation right now, seen before one begins oneself. */
export function ColleagueTyping({ conversationId }: { conversationId: string }) {
  const t = useTranslations('composer');
  const format = useFormatter();
  const members = useMembers();
  const names = useTyping(conversationId).flatMap(({ memberId, name }) =>
    memberId === null ? [] : [members.find(({ id }) => id === memberId)?.name ?? name ?? t('quoteSomeone')],
  );
  return (
    <p role="status" className="min-w-0 truncate">
      {names.length > 0 && (
        <span className="inline-flex max-w-full items-center gap-1.5 text-accent-ink">
          <TypingDots />
          <span className="truncate">{t('colleagueTyping', { names: format.list(names), count: names.length })}</span>
        </span>
      )}
    </p>
  );
}
