'use client';

import { useTranslations } from 'next-intl';
import { TypingDots } from '@/components/typing-dots';
import { shortName } from '../composer/template-fill';

/** Who writes right now; `name` null: the channel does not say who. */
export function TypingLine({ name }: { name: string | null }) {
  const t = useTranslations('messages');
  return (
    <p className="flex items-center gap-2 pt-2.5 text-meta text-ink-3">
      <span className="grid h-7 place-items-center rounded-full bg-bubble-in px-3">
        <TypingDots />
      </span>
      <span className="min-w-0 truncate">{name ? t('typing', { name: shortName(name) }) : t('someoneTyping')}</span>
    </p>
  );
}
