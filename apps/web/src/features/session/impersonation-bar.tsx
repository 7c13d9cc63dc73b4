'use client';

import { UserCog } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Icon } from '@/components/icon';
import { complain } from '@/components/toast';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import type { Session } from './session-gate';
import { tellTabs } from './tabs';

const MINUTE_MS = 60_000;

/** Across the very top while a super-admin acts as this member: never to be missed, and one click from its end. */
export function ImpersonationBar({ session }: { session: Session }) {
  const words = useTranslations('shell.impersonation');
  const until = session.impersonation?.until ?? '';
  const minutes = useMinutesLeft(until);
  if (!session.impersonation) return null;
  const names = { name: session.user.name, tenant: session.tenant.name };
  return (
    <section
      aria-label={words('label')}
      className="relative z-50 flex min-h-10 flex-none items-center gap-2.5 bg-ink px-4 py-1 text-ui text-pane"
    >
      <Icon of={UserCog} />
      <p role="status" className="min-w-0 flex-1">
        <b className="font-semibold">{words('bar', names)}</b>{' '}
        <span className="max-md:hidden">{words('audited', { by: session.impersonation.by })}</span>
      </p>
      <span className="num flex-none">{words('left', { minutes })}</span>
      <button
        type="button"
        onClick={() => void end()}
        className="h-7 flex-none rounded-2 px-2.5 font-semibold shadow-[inset_0_0_0_1px_currentColor] hover:bg-current/15 focus-visible:outline-current pointer-coarse:h-11"
      >
        {words('end')}
      </button>
    </section>
  );
}

/** Whole minutes, at least one; once they are over the page loads anew, as nobody in particular. */
function useMinutesLeft(until: string): number {
  const [left, setLeft] = useState(() => Date.parse(until) - Date.now());
  useEffect(() => {
    if (until === '') return;
    const tick = () => {
      const now = Date.parse(until) - Date.now();
      if (now <= 0) window.location.reload();
      setLeft(now);
    };
    const timer = setInterval(tick, MINUTE_MS / 6);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(1, Math.ceil(left / MINUTE_MS));
}

/** A whole page load, so that nothing of the member's stays in memory. */
async function end(): Promise<void> {
  try {
    await call(routes.endImpersonation, {});
    tellTabs('changed');
    window.location.assign('/admin');
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
  }
}
