'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { LinkButton } from '@/components/button';
import { Row, Rows } from '@/components/rows';
import { Part } from '@/features/settings/section-head';
import { Impersonate } from './impersonate';
import { tenantMembersQuery } from './queries';

/** Support: acting as one of the members, for minutes, with a reason that both audit logs keep. */
export function ImpersonatePart({ tenant }: { tenant: Tenant }) {
  const words = useTranslations('admin.support');
  const members = useInfiniteQuery(tenantMembersQuery(tenant.id));
  const [as, setAs] = useState<{ id: string; name: string } | null>(null);
  return (
    <Part title={words('title')} hint={words('hint')}>
      <Rows
        label={words('title')}
        query={members}
        empty={
          <p className="border-t border-line py-3 text-ink-3">
            {words(tenant.status === 'active' ? 'nobody' : 'closed')}
          </p>
        }
      >
        {(member) => (
          <Row
            key={member.id}
            lead={<Avatar id={member.id} name={member.name} size={32} />}
            title={<span className="truncate">{member.name}</span>}
            end={
              <LinkButton onClick={() => setAs(member)} aria-label={words('actAs', { name: member.name })}>
                {words('act')}
              </LinkButton>
            }
          />
        )}
      </Rows>
      {as && <Impersonate tenant={tenant} member={as} onClose={() => setAs(null)} />}
    </Part>
  );
}
