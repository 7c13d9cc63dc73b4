'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { IconButton } from '@/components/icon-button';
import { goTo } from './use-place';

/** A panel beside the list; where there is no room beside it, over it. */
export function Dock({
  label,
  title,
  children,
  foot,
}: {
  label: string;
  title: React.ReactNode;
  children: React.ReactNode;
  foot?: React.ReactNode;
}) {
  const words = useTranslations('accounts.wizard');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <aside
      aria-label={label}
      className="flex min-h-0 flex-col border-line bg-sheet max-lg:fixed max-lg:inset-0 max-lg:z-30 lg:w-[480px] lg:border-s"
      onKeyDown={(event) => event.key === 'Escape' && goTo({ at: 'list' })}
    >
      <header className="flex h-14 flex-none items-center gap-2.5 border-b border-line ps-4 pe-3 md:ps-6">
        <h2
          ref={heading}
          tabIndex={-1}
          className="flex min-w-0 flex-1 items-center gap-2.5 text-body font-semibold outline-none"
        >
          {title}
        </h2>
        <IconButton icon={X} label={words('close')} onClick={() => goTo({ at: 'list' })} />
      </header>
      <div className="grid min-h-0 flex-1 content-start gap-5 overflow-y-auto px-4 py-5 md:px-6">{children}</div>
      {foot && (
        <footer className="flex flex-none items-center gap-2 border-t border-line px-4 py-3 md:px-6">{foot}</footer>
      )}
    </aside>
  );
}
