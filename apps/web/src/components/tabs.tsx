'use client';

import { useRef } from 'react';
import { cx } from './cx';

interface TabsProps<Value extends string> {
  label: string;
  /** What the tabs switch. */
  panelId: string;
  value: Value;
  onChange: (value: Value) => void;
  tabs: { value: Value; name: string; count?: number }[];
}

/** Words on a hairline, the chosen one underlined. Arrows walk and choose. */
export function Tabs<Value extends string>({ label, panelId, value, onChange, tabs }: TabsProps<Value>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, Home: -at, End: tabs.length - 1 - at }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = (at + step + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    onChange(next.value);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown} className="flex h-full gap-[18px]">
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          aria-controls={panelId}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onChange(tab.value)}
          className={cx(
            'focus-inside relative inline-flex items-baseline gap-[5px] rounded-1 pt-3 text-body font-medium whitespace-nowrap select-none md:pt-2 md:text-ui',
            tab.value === value
              ? 'text-ink after:absolute after:inset-x-0 after:-bottom-px after:h-0.5 after:bg-accent'
              : 'text-ink-3 hover:text-ink',
          )}
        >
          {tab.name} <span className="num text-meta leading-5 font-normal">{tab.count ?? ''}</span>
        </button>
      ))}
    </div>
  );
}
