'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { FormDialog } from '@/components/form-dialog';
import { SelectField } from '@/components/select-field';
import { call } from '@/lib/api';
import { MadeKey } from './key-dialog';
import { teamKeys } from './queries';
import { teamRoutes } from './routes';

const graces = ['0', '1', '24', '168'] as const;

/** A new secret for a key; the one before works on for a while, so that nothing stands still. */
export function RotateKey({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const words = useTranslations('team.keys');
  const client = useQueryClient();
  const [grace, setGrace] = useState<(typeof graces)[number]>('24');
  const rotate = useMutation({
    mutationFn: () => call(teamRoutes.rotateApiKey, { params: { id }, body: { graceHours: Number(grace) } }),
    onSuccess: () => void client.invalidateQueries({ queryKey: teamKeys.keys }), // not awaited: the key would wait for the list
  });
  if (rotate.data) return <MadeKey value={rotate.data.body.key} onClose={onClose} />;
  return (
    <FormDialog
      title={words('rotateTitle', { name })}
      description={words('rotateHint')}
      submit={words('rotateAct')}
      pending={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      <SelectField
        label={words('grace.label')}
        value={grace}
        onChange={(event) => setGrace(event.target.value as (typeof graces)[number])}
      >
        {graces.map((hours) => (
          <option key={hours} value={hours}>
            {words(`grace.${hours}`)}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
