'use client';

import type { Label } from '@parley/contracts/labels';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { cx } from '@/components/cx';
import { hueStyle } from '@/components/hue';
import { hues } from '@/lib/contract-values';

type Hue = Label['hue'];

/** One of the hues that we have; null: none is chosen. */
export function HueChoice({ value, onChange }: { value: Hue | null; onChange: (hue: Hue) => void }) {
  const words = useTranslations('settings.labels');
  const group = useId();
  return (
    <fieldset className="flex items-center gap-1.5">
      <legend className="sr-only">{words('hue')}</legend>
      {hues.map((hue) => (
        <label
          key={hue}
          style={hueStyle(hue)}
          className={cx(
            'grid size-8 cursor-pointer place-items-center rounded-2 has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:size-11',
            hue === value && 'bg-hover shadow-edge',
          )}
        >
          <input
            type="radio"
            name={group}
            className="sr-only"
            aria-label={words(`hueOf.${hue}`)}
            checked={hue === value}
            onChange={() => onChange(hue)}
          />
          <span aria-hidden className="label-dot size-3.5 rounded-1" />
        </label>
      ))}
    </fieldset>
  );
}
