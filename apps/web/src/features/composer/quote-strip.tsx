'use client';

import type { Message } from '@parley/contracts/messages';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/icon-button';
import { plainText } from '../messages/text/plain-text';

/** What the next message will answer. */
export function QuoteStrip({ quote, onRemove }: { quote: NonNullable<Message['quote']>; onRemove: () => void }) {
  const t = useTranslations('composer');
  return (
    <div className="mx-3 mt-1 mb-0.5 flex items-center gap-2 rounded-[3px] border-s-[3px] border-accent bg-fill py-1 ps-2.5 pe-1 text-meta text-ink-2 max-md:mt-2">
      <span className="min-w-0 flex-1">
        <b className="block truncate font-semibold text-accent-ink" dir="auto">
          {quote.author ?? t('quoteSomeone')}
        </b>
        <span className="block truncate" dir="auto">
          {quote.text ? plainText(quote.text) : t('quoteNoText')}
        </span>
      </span>
      <IconButton
        icon={X}
        iconSize={14}
        size={28}
        label={t('quoteRemove')}
        onClick={onRemove}
        className="pointer-coarse:size-11"
      />
    </div>
  );
}
