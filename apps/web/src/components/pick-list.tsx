'use client';

import { Search } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { cx } from './cx';
import { Icon } from './icon';

interface PickListProps<Item> {
  label: string;
  placeholder: string;
  search: string;
  onSearch: (search: string) => void;
  items: Item[];
  keyOf: (item: Item) => string;
  /** Said when nothing fits. */
  empty: string;
  /** Chosen ones, where several may be. */
  isChosen?: (item: Item) => boolean;
  onPick: (item: Item) => void;
  children: (item: Item) => React.ReactNode;
}

/** A line to type into and the rows that fit, the first highlighted: arrows walk, Enter picks. */
export function PickList<Item>({
  label,
  placeholder,
  search,
  onSearch,
  items,
  keyOf,
  empty,
  isChosen,
  onPick,
  children,
}: PickListProps<Item>) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(0);
  const index = Math.min(at, items.length - 1);
  const highlighted = items[index];

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length > 0) {
      const next = (index + step + items.length) % items.length;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && highlighted !== undefined) onPick(highlighted);
    else return;
    event.preventDefault();
  };

  return (
    <div className="grid">
      <label className="flex h-10 items-center gap-2 border-b border-line px-3 pointer-coarse:h-12">
        <Icon of={Search} className="text-ink-3" />
        <span className="sr-only">{placeholder}</span>
        <input
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={highlighted === undefined ? undefined : `${id}-${keyOf(highlighted)}`}
          className="min-w-0 flex-1 bg-transparent outline-none pointer-coarse:text-field"
          placeholder={placeholder}
          value={search}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setAt(0);
            onSearch(event.target.value);
          }}
        />
      </label>
      <ul
        ref={list}
        id={id}
        role="listbox"
        data-popup
        aria-label={label}
        aria-multiselectable={isChosen !== undefined}
        className="max-h-[280px] overflow-y-auto p-1"
      >
        {items.map((item) => (
          <li
            key={keyOf(item)}
            id={`${id}-${keyOf(item)}`}
            role="option"
            aria-selected={isChosen ? isChosen(item) : item === highlighted}
            onClick={() => onPick(item)}
            onPointerMove={() => setAt(items.indexOf(item))}
            className={cx(
              'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-2 px-2 pointer-coarse:min-h-11',
              item === highlighted && 'bg-hover',
            )}
          >
            {children(item)}
          </li>
        ))}
      </ul>
      <p role="status" className={cx('px-3 pb-3 text-ink-3', items.length > 0 && 'sr-only')}>
        {items.length === 0 ? empty : ''}
      </p>
    </div>
  );
}
