'use client';

import { UserCog } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Banner } from '@/components/banner';
import { LinkButton } from '@/components/button';
import { complain } from '@/components/toast';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import type { Session } from './session-gate';

/** Above everything while a super-admin acts as this member: never to be missed, and one click from its end. */
export function ImpersonationBar({ session }: { session: Session }) {
  const words = useTranslations('shell.impersonation');
  const format = useFormatter();
  if (!session.impersonation) return null;
  const { by, until } = session.impersonation;
  const time = format.dateTime(new Date(until), { timeStyle: 'short' });
  return (
    <div role="alert">
      <Banner
        tone="danger"
        icon={UserCog}
        className="rounded-none"
        action={<LinkButton onClick={end}>{words('end')}</LinkButton>}
      >
        {words('bar', { by, name: session.user.name, tenant: session.tenant.name, time })}
      </Banner>
    </div>
  );
}

/** A whole page load, so that nothing of the member's stays in memory. */
async function end(): Promise<void> {
  try {
    await call(routes.endImpersonation, {});
    window.location.assign('/');
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  }
}
