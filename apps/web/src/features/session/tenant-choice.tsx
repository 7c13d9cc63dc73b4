'use client';

import type { Me } from '@parley/contracts/me';
import { useMutation } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { signOut } from './sign-out';
import { enterTenant } from './switch-tenant';

/** For who belongs to several tenants and has chosen none, or to none at all. */
export function TenantChoice({ me }: { me: Me }) {
  const words = useTranslations('shell.tenants');
  const enter = useMutation({ mutationFn: enterTenant });
  const leave = useMutation({ mutationFn: signOut });
  return (
    <main className="grid h-full place-items-center bg-sheet">
      <Empty icon={Building2} title={words(me.memberships.length > 0 ? 'choose' : 'none')}>
        <div className="mt-3 grid w-[280px] gap-2">
          {me.memberships.map(({ tenantId, name }) => (
            <Button
              key={tenantId}
              variant="line"
              size="lg"
              disabled={enter.isPending}
              onClick={() => enter.mutate(tenantId)}
            >
              {name}
            </Button>
          ))}
          <Button onClick={() => leave.mutate()}>{words('signOut')}</Button>
        </div>
        {(enter.error ?? leave.error) && (
          <p role="alert" className="mt-2 text-danger-ink">
            {(enter.error ?? leave.error)?.message}
          </p>
        )}
      </Empty>
    </main>
  );
}
