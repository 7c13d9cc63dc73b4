'use client';

import { ArrowDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Icon } from '@/components/icon';

/** Back to the newest message, with how many came meanwhile. */
export function JumpToLatest({ count, onJump }: { count: number; onJump: () => void }) {
  const t = useTranslations('messages');
  return (
    <button
      type="button"
      onClick={onJump}
      aria-label={t('jumpToLatest', { count })}
      className="absolute end-4 bottom-3 z-2 grid size-8 place-items-center rounded-full bg-raised text-ink-2 shadow-menu hover:text-ink pointer-coarse:size-11"
    >
      <Icon of={ArrowDown} />
      {count > 0 && (
        <span
          aria-hidden
          className="num absolute -end-1 -top-2 h-[18px] min-w-[18px] rounded-full bg-accent px-[5px] text-center text-[11px] leading-[18px] font-semibold text-on-accent"
        >
          {count > 9 ? '9+' : count}
        </span>
      )}
    </button>
  );
}
