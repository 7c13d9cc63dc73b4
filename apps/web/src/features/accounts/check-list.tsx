'use client';

import type { AccountCheck } from '@parley/contracts/accounts';
import { Check, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Icon } from '@/components/icon';

/** What was looked at, in order, and how it ended. It is read out as it changes. */
export function CheckList({ checks }: { checks: AccountCheck[] }) {
  const words = useTranslations('accounts.checks');
  return (
    <section role="status" aria-label={words('title')} className="empty:-mb-5">
      {checks.length > 0 && (
        <>
          <h3 className="pb-2 font-semibold">{words('title')}</h3>
          <ul className="grid gap-2">
            {checks.map(({ title, passed, detail, ms }) => (
              <li key={title} className="flex gap-2.5">
                <Icon of={passed ? Check : X} className={passed ? 'mt-0.5 text-ok-ink' : 'mt-0.5 text-danger-ink'} />
                <div className="min-w-0 flex-1">
                  <p className={passed ? '' : 'font-medium'}>
                    {title}
                    <span className="sr-only">, {words(passed ? 'passed' : 'failed')}</span>
                  </p>
                  {detail && <p className="max-w-[64ch] text-pretty text-danger-ink">{detail}</p>}
                </div>
                <span className="num text-meta leading-5 text-ink-3">{words('ms', { ms })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
