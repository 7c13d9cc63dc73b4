'use client';

import { useLayoutEffect, useRef } from 'react';
import { cx } from '@/components/cx';

/** Grows with what is written in it, from one line to ten; then it scrolls. */
export function GrowTextarea({ ref, value, className, ...rest }: React.ComponentPropsWithRef<'textarea'>) {
  const own = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const field = own.current;
    if (!field || CSS.supports('field-sizing', 'content')) return;
    fit(field);
    // A narrower field breaks its lines earlier.
    let width = field.clientWidth;
    const observer = new ResizeObserver(() => {
      if (field.clientWidth !== width) fit(field);
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
      className={cx('field-sizing-content max-h-[calc(10lh+16px)] overflow-y-auto', className)}
      {...rest}
    />
  );
}

/** For browsers whose fields do not size themselves. */
function fit(field: HTMLTextAreaElement): void {
  const around = field.parentElement;
  // Measured at no height, it would let what stands above it move, and a thread that is read at its end with it.
  if (around) around.style.minHeight = `${around.offsetHeight}px`;
  field.style.height = '0';
  field.style.height = `${field.scrollHeight}px`;
  if (around) around.style.minHeight = '';
}
