'use client';

import type { Label } from '@parley/contracts/labels';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { Empty } from '@/components/empty';
import { Field } from '@/components/field';
import { hueStyle } from '@/components/hue';
import { LabelMark } from '@/components/label-mark';
import { Refused } from '@/components/refused';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { say } from '@/components/toast';
import { labelsQuery } from '@/features/labels/queries';
import { call } from '@/lib/api';
import { hues } from '@/lib/contract-values';
import { routes } from '@/lib/routes';
import { SectionHead } from './section-head';

/** The tenant's labels, and one more. */
export function LabelsPage() {
  const words = useTranslations('settings.labels');
  const labels = useQuery(labelsQuery);
  return (
    <>
      <SectionHead title={words('title')} hint={words('hint')} />
      <NewLabel />
      {labels.isPending && <RowSkeletons />}
      {labels.isError && !labels.data && <RowsFailed error={labels.error} retry={() => void labels.refetch()} />}
      {labels.data?.items.length === 0 && (
        <div className="border-t border-line">
          <Empty icon={Tag} title={words('none')}>
            {words('noneHint')}
          </Empty>
        </div>
      )}
      {labels.data && labels.data.items.length > 0 && (
        <ul aria-label={words('title')} className="border-t border-line">
          {labels.data.items.map(({ id, name, hue }) => (
            <li key={id} className="flex min-h-10 items-center border-b border-line">
              <LabelMark name={name} hue={hue} size="ui" />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** It comes into the list by its event, as everybody's do. */
function NewLabel() {
  const words = useTranslations('settings.labels');
  const [name, setName] = useState('');
  const [hue, setHue] = useState<Label['hue']>(240);
  const add = useMutation({
    mutationFn: () => call(routes.createLabel, { body: { name, hue } }),
    onSuccess: ({ body }) => {
      say(words('added', { name: body.name }));
      setName('');
    },
  });
  return (
    <form
      className="grid max-w-[520px] gap-3 pb-6"
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Refused error={add.error} />
      <div className="flex flex-wrap items-end gap-3">
        <Field
          className="min-w-[200px] flex-1"
          label={words('name')}
          required
          maxLength={40}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" size="lg" variant="primary" disabled={add.isPending}>
          {words('add')}
        </Button>
      </div>
      <HueChoice value={hue} onChange={setHue} />
    </form>
  );
}

function HueChoice({ value, onChange }: { value: Label['hue']; onChange: (hue: Label['hue']) => void }) {
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
