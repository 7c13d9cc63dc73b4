'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { complain, say } from '@/components/toast';
import { call } from '@/lib/api';
import { tenantChanged } from './queries';
import { adminRoutes } from './routes';

/** Suspending, restoring, deleting: each says what follows before it does. */
export function TenantActs({ tenant }: { tenant: Tenant }) {
  const words = useTranslations('admin.acts');
  const client = useQueryClient();
  const [doing, setDoing] = useState<'suspend' | 'delete' | null>(null);
  const { id, name, status } = tenant;
  const restore = useMutation({
    mutationFn: () => call(adminRoutes.restoreTenant, { params: { id } }),
    onSuccess: ({ body }) => {
      say(words('restored', { name }));
      return tenantChanged(client, body);
    },
    onError: (error) => complain(error.message),
  });
  return (
    <div className="flex flex-wrap gap-2">
      {status === 'active' && (
        <Button variant="line" onClick={() => setDoing('suspend')}>
          {words('suspend')}
        </Button>
      )}
      {status !== 'active' && (
        <Button variant="primary" disabled={restore.isPending} onClick={() => restore.mutate()}>
          {words('restore')}
        </Button>
      )}
      {status !== 'deleting' && (
        <Button variant="line" className="!text-danger-ink" onClick={() => setDoing('delete')}>
          {words('delete')}
        </Button>
      )}
      {doing === 'suspend' && (
        <Confirm
          title={words('suspendTitle', { name })}
          description={words('suspendHint', { members: tenant.usage.members, accounts: tenant.usage.accounts })}
          act={words('suspendAct')}
          onClose={() => setDoing(null)}
          work={async () => tenantChanged(client, (await call(adminRoutes.suspendTenant, { params: { id } })).body)}
        />
      )}
      {doing === 'delete' && <DeleteTenant tenant={tenant} onClose={() => setDoing(null)} />}
    </div>
  );
}

/** The one act that takes typing the name: it removes what hundreds of people wrote. */
function DeleteTenant({ tenant: { id, name, usage }, onClose }: { tenant: Tenant; onClose: () => void }) {
  const words = useTranslations('admin.acts');
  const client = useQueryClient();
  const format = useFormatter();
  const [typed, setTyped] = useState('');
  const [days, setDays] = useState('30');
  const graceDays = Number(days);
  const valid = /^\d+$/.test(days) && graceDays <= 90;
  const work = async () => {
    const { body } = await call(adminRoutes.deleteTenant, { params: { id }, query: { graceDays } });
    const on = body.deletesAt && format.dateTime(new Date(body.deletesAt), { dateStyle: 'medium' });
    say(words('deleting', { name, day: on ?? '' }));
    await tenantChanged(client, body);
  };
  return (
    <Confirm
      title={words('deleteTitle', { name })}
      description={words('deleteHint', { members: usage.members, accounts: usage.accounts })}
      act={words('deleteAct')}
      disabled={typed.trim() !== name || !valid}
      work={work}
      onClose={onClose}
    >
      <Field
        label={words('grace')}
        hint={words('graceHint')}
        inputMode="numeric"
        value={days}
        error={valid ? null : words('graceError')}
        onChange={(event) => setDays(event.target.value)}
      />
      <Field
        label={words('typeName', { name })}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Confirm>
  );
}
