'use client';

import type { Message } from '@parley/contracts/messages';
import { useTranslations } from 'next-intl';
import { plainText } from './text/plain-text';

/** What is answered. It leads to the original, where that is here. */
export function QuoteBlock({
  quote,
  onJump,
}: {
  quote: NonNullable<Message['quote']>;
  onJump: (messageId: string) => void;
}) {
  const t = useTranslations('messages.quote');
  const { messageId, author, text } = quote;
  const inside = (
    <>
      <b className="block truncate text-[12px] leading-4 font-semibold text-accent-ink" dir="auto">
        {messageId ? (author ?? t('someone')) : t('missing')}
      </b>
      <span className="block truncate" dir="auto">
        {text ? plainText(text) : messageId ? t('noText') : t('before')}
      </span>
    </>
  );
  const look =
    'mt-px mb-1.5 block w-full rounded-[3px] border-s-[3px] border-accent bg-hover ps-2.5 pe-2.5 pt-[3px] pb-1 text-start text-[13px] leading-[18px] text-ink-2';
  if (!messageId) return <span className={look}>{inside}</span>;
  return (
    <button
      type="button"
      className={`${look} hover:bg-press`}
      onClick={() => onJump(messageId)}
      aria-label={t('jump', { author: author ?? t('someone') })}
    >
      {inside}
    </button>
  );
}
