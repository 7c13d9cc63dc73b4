'use client';

import type { Demo } from '@parley/contracts/demo';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

/** In a demo: who one can be. Nothing otherwise. */
export function DemoLogins({ onChoose }: { onChoose: (email: string, password: string) => void }) {
  const words = useTranslations('signIn.demo');
  const [data, setData] = useState<Demo>();
  useEffect(() => {
    call(routes.getDemo, {}).then(
      ({ body }) => setData(body),
      () => undefined, // without it one signs in all the same
    );
  }, []);
  if (!data?.demo) return null;
  return (
    <section aria-label={words('title')} className="grid gap-1">
      <p className="flex items-center gap-3 text-meta text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {words('title')}
      </p>
      <ul className="-mx-2 mt-1 grid">
        {data.logins.map(({ email, role, tenant }) => (
          <li key={email}>
            <button
              type="button"
              onClick={() => onChoose(email, data.password)}
              className="flex min-h-8 w-full items-center gap-2 rounded-2 px-2 text-start hover:bg-hover pointer-coarse:min-h-11"
            >
              <span className="font-medium">{email}</span>
              <span className="ms-auto text-meta text-ink-3">
                {words('who', { role: roleWord(words, role), tenant })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="text-meta text-ink-3">
        {words('password')} <span className="font-mono text-ink-2">{data.password}</span>
      </p>
    </section>
  );
}

function roleWord(words: ReturnType<typeof useTranslations<'signIn.demo'>>, role: string): string {
  switch (role) {
    case 'agent':
    case 'manager':
    case 'tenant_admin':
    case 'super_admin':
      return words(`role.${role}`);
    default:
      return role;
  }
}
