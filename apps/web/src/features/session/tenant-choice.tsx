'use client';

import type { Me } from '@parley/contracts/me';
import { useMutation } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, buttonClass } from '@/components/button';
import { Empty } from '@/components/empty';
import { signOut } from './sign-out';
import { enterTenant } from './switch-tenant';

/** For who belongs to several tenants and has chosen none, to none at all, or to one that asks for a second proof or the company's sign-in. */
export function TenantChoice({ me }: { me: Me }) {
  const words = useTranslations('shell.tenants');
  const enter = useMutation({ mutationFn: enterTenant });
  const leave = useMutation({ mutationFn: signOut });
  const closed = me.memberships.find(({ needsTwoFactor, needsCompany }) => needsTwoFactor && !needsCompany);
  const byCompany = me.memberships.find(({ needsCompany }) => needsCompany);
  return (
    <main className="grid h-full place-items-center bg-sheet">
      <Empty page icon={Building2} title={words(titleFor(me))}>
        <div className="mt-3 grid w-[280px] gap-2">
          {me.memberships
            .filter(({ needsTwoFactor, needsCompany }) => !needsTwoFactor && !needsCompany)
            .map(({ tenantId, name }) => (
              <Button
                key={tenantId}
                variant="line"
                size="lg"
                disabled={enter.isPending}
                onClick={() => enter.mutate(tenantId)}
              >
                <span className="truncate">{name}</span>
              </Button>
            ))}
          {closed && (
            <>
              <p>{words('needsTwoFactor', { name: closed.name })}</p>
              <a href="/two-factor" className={buttonClass('primary', 'lg')}>
                {words('setUp')}
              </a>
            </>
          )}
          {byCompany && <p>{words('needsCompany', { name: byCompany.name })}</p>}
          {me.user.superAdmin && (
            <a href="/admin" className={buttonClass('line', 'lg')}>
              {words('platform')}
            </a>
          )}
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

function titleFor({ memberships, user }: Me): 'choose' | 'platformOnly' | 'none' {
  if (memberships.length > 0) return 'choose';
  return user.superAdmin ? 'platformOnly' : 'none';
}
