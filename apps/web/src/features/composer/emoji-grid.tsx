'use client';

import { useTranslations } from 'next-intl';
import { emoji } from './emoji';

const COLUMNS = 8;

/** Eight across; arrows move, Enter takes. */
export function EmojiGrid({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useTranslations('composer.emoji');
  return (
    <div role="group" aria-label={t('grid')} className="grid grid-cols-8 p-1" onKeyDown={moveFocus}>
      {emoji.map((each, index) => (
        <button
          key={each}
          type="button"
          tabIndex={index === 0 ? 0 : -1}
          onClick={() => onPick(each)}
          className="focus-inside grid size-8 place-items-center rounded-2 text-[18px] leading-none hover:bg-hover active:bg-press pointer-coarse:size-11"
        >
          {each}
        </button>
      ))}
    </div>
  );
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };

function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll('button')];
  const next = all[all.findIndex((each) => each === document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
