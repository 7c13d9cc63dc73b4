'use client';

import { Search, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { showView, useView } from './use-view';

/** The server is asked once the fingers rest. */
const REST_MS = 200;

interface ListSearchProps {
  /** Arrow down or Enter: into what is found for `q`. */
  onEnter: (q: string, open: boolean) => void;
  onLeave: () => void;
}

/** Looks for a contact by name or number, in every conversation that one may see. */
export function ListSearch({ onEnter, onLeave }: ListSearchProps) {
  const words = useTranslations('list');
  const { q } = useView();
  const [text, setText] = useState(q);

  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => showView({ q: text }), REST_MS);
    return () => clearTimeout(timer);
  }, [text, q]);

  const enter = (open: boolean) => {
    if (text !== q) showView({ q: text }); // whoever is done typing need not wait
    onEnter(text, open);
  };
  const leave = () => {
    showView({ q: '' });
    onLeave();
  };
  return (
    <div className="flex flex-1 items-center gap-1">
      <label className={cx(fieldClass, 'h-8 min-w-0 flex-1 px-2.5 pointer-coarse:h-11')}>
        <Icon of={Search} className="text-ink-3" />
        <span className="sr-only">{words('search')}</span>
        <input
          type="search"
          autoFocus
          enterKeyHint="search"
          className="min-w-0 flex-1 bg-transparent outline-none pointer-coarse:text-field [&::-webkit-search-cancel-button]:hidden"
          placeholder={words('search')}
          value={text}
          maxLength={100}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === 'Escape') leave();
            else if (event.key === 'ArrowDown') enter(false);
            else if (event.key === 'Enter') enter(true);
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      </label>
      <IconButton icon={X} label={words('clearSearch')} onClick={leave} />
    </div>
  );
}
