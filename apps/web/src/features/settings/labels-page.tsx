'use client';

import type { Label } from '@parley/contracts/labels';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Tag } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { Field } from '@/components/field';
import { LabelMark } from '@/components/label-mark';
import { Refused } from '@/components/refused';
import { WholeRows } from '@/components/rows';
import { say } from '@/components/toast';
import { labelsQuery } from '@/features/labels/queries';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { HueChoice } from './hue-choice';
import { SectionHead } from './section-head';

/** The tenant's labels, and one more. */
export function LabelsPage() {
  const words = useTranslations('settings.labels');
  const labels = useQuery(labelsQuery);
  return (
    <>
      <SectionHead title={words('title')} hint={words('hint')} />
      <NewLabel />
      <WholeRows
        label={words('title')}
        query={labels}
        items={labels.data?.items}
        empty={
          <div className="border-t border-line">
            <Empty icon={Tag} title={words('none')}>
              {words('noneHint')}
            </Empty>
          </div>
        }
      >
        {({ id, name, hue }) => (
          <li key={id} className="flex min-h-10 items-center border-b border-line">
            <LabelMark name={name} hue={hue} size="ui" />
          </li>
        )}
      </WholeRows>
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
