'use client';

import { useLayoutEffect, useRef } from 'react';

const LINES = 10;

/** Grows with what is written in it, from one line to ten; then it scrolls. */
export function GrowTextarea({ ref, value, className, ...rest }: React.ComponentPropsWithRef<'textarea'>) {
  const own = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const field = own.current;
    if (!field) return;
    const fit = () => {
      const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(field);
      const most = LINES * parseFloat(lineHeight) + parseFloat(paddingTop) + parseFloat(paddingBottom);
      field.style.height = '0';
      field.style.overflowY = field.scrollHeight > most ? 'auto' : 'hidden';
      field.style.height = `${Math.min(field.scrollHeight, most)}px`;
    };
    fit();
    // A narrower field breaks its lines earlier.
    let width = field.clientWidth;
    const observer = new ResizeObserver(() => {
      if (field.clientWidth !== width) fit();
      width = field.clientWidth;
    });
    observer.observe(field);
    return () => observer.disconnect();
  }, [value]);

  return (
    <textarea
      rows={1}
      value={value}
      ref={(node) => {
        own.current = node;
        if (typeof ref === 'function') ref(node);
        else if (ref) ref.current = node;
      }}
      className={className}
      {...rest}
    />
  );
}
