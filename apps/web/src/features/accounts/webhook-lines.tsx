'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import { useTranslations } from 'next-intl';
import { CopyLine } from './copy-line';

/** Where the provider must post and what it must send along, for whoever enters it there. */
export function WebhookLines({ webhook, how }: { webhook: AccountSettings['webhook']; how: 'set' | 'copy' }) {
  const words = useTranslations('accounts.webhook');
  return (
    <details open={how === 'copy'} className="group">
      <summary className="cursor-pointer rounded-1 font-semibold">{words('title')}</summary>
      <div className="grid gap-3 pt-2">
        <p className="max-w-[64ch] text-pretty text-ink-2">{words(how)}</p>
        <CopyLine label={words('url')} value={webhook.url} />
        {Object.entries(webhook.headers).map(([name, value]) => (
          <CopyLine key={name} label={words('header', { name })} value={value} />
        ))}
        {webhook.verifyToken !== null && <CopyLine label={words('verifyToken')} value={webhook.verifyToken} />}
      </div>
    </details>
  );
}
