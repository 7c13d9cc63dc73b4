'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { hueStyle } from '@/components/hue';
import { Menu, MenuChoice, MenuChoices, MenuGroup } from '@/components/menu';
import { complain } from '@/components/toast';
import type { Session } from '@/features/session/session-gate';
import { enterTenant } from '@/features/session/switch-tenant';

/** The tenant one works in; a member of several goes to another from here. */
export function TenantSwitcher({ session, className }: { session: Session; className?: string }) {
  const words = useTranslations('shell.tenants');
  const enter = useMutation({ mutationFn: enterTenant, onError: (error) => complain(error.message) });
  const { name, id, hue } = session.tenant;
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={words('switch', { name })}
          title={name}
          disabled={enter.isPending}
          style={hue === null ? undefined : hueStyle(hue)}
          className={cx(
            'grid size-8 flex-none place-items-center rounded-3 text-body font-semibold',
            hue === null ? 'bg-ink text-pane' : 'tinted',
            className,
          )}
        >
          {Array.from(name)[0]?.toLocaleUpperCase()}
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
