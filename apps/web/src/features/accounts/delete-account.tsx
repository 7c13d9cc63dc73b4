'use client';

import type { Account } from '@parley/contracts/accounts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { settingsQuery } from './account-queries';
import { goTo } from './use-place';

/** Says with numbers what follows, and only then offers it. */
export function DeleteAccount({ account: { id, name }, onClose }: { account: Account; onClose: () => void }) {
  const words = useTranslations('accounts.delete');
  const common = useTranslations('common');
  const client = useQueryClient();
  const safe = useRef<HTMLButtonElement>(null);
  const impact = useQuery({
    queryKey: ['account', id, 'impact'],
    queryFn: async ({ signal }) => (await call(routes.getAccountImpact, { params: { id }, signal })).body,
    gcTime: 0, // counted anew each time it is asked
  });
  const remove = useMutation({
    mutationFn: () => call(routes.deleteAccount, { params: { id } }),
    onSuccess: () => {
      goTo({ at: 'list' });
      client.removeQueries(settingsQuery(id));
    },
  });
  const found = impact.data;
  const error = impact.error ?? remove.error;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      initialFocus={safe}
      title={words('title', { name })}
      actions={
        <>
          <Button ref={safe} variant="line" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button variant="danger" disabled={!found || remove.isPending} onClick={() => remove.mutate()}>
            {words('act')}
          </Button>
        </>
      }
    >
      <div className="grid gap-2" role="status">
        {!found && !error && <p className="text-ink-2">{words('counting')}</p>}
        {found && (
          <>
            <p>{words('conversations', { count: found.conversations })}</p>
            {found.open > 0 && <p>{words('open', { count: found.open })}</p>}
            {found.waiting > 0 && <p className="font-medium">{words('waiting', { count: found.waiting })}</p>}
            <p>{words('final')}</p>
          </>
        )}
        {error && <p className="text-danger-ink">{error.message}</p>}
      </div>
    </Dialog>
  );
}
