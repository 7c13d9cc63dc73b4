'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Menu, MenuChoice, MenuChoices, MenuGroup } from '@/components/menu';
import { TenantFace } from '@/components/tenant-face';
import { complain } from '@/components/toast';
import type { Session } from '@/features/session/session-gate';
import { enterTenant } from '@/features/session/switch-tenant';

/** The tenant one works in; a member of several goes to another from here. */
export function TenantSwitcher({ session, className }: { session: Session; className?: string }) {
  const words = useTranslations('shell.tenants');
  const enter = useMutation({ mutationFn: enterTenant, onError: (error) => complain(error.message) });
  const { name, id, hue, logo } = session.tenant;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={words('switch', { name })}
          title={name}
          disabled={enter.isPending}
          className={cx('size-8 flex-none rounded-3 text-body font-semibold', className)}
        >
          <TenantFace name={name} hue={hue} logo={logo} />
        </button>
      }
    >
      <MenuGroup label={words('title')}>
        <MenuChoices
          value={id}
          onChange={(tenantId) => tenantId !== id && enter.mutate(tenantId)}
          label={words('title')}
        >
          {session.memberships.map((membership) => (
            <MenuChoice key={membership.tenantId} value={membership.tenantId}>
              <span className="truncate">{membership.name}</span>
            </MenuChoice>
          ))}
        </MenuChoices>
      </MenuGroup>
    </Menu>
  );
}
