'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import { useTranslations } from 'next-intl';
import { CopyLine } from '@/components/copy-line';
import { Fold } from './fold';

/** Where the provider must post and what it must send along, for whoever enters it there. */
export function WebhookLines({ webhook }: { webhook: AccountSettings['webhook'] }) {
  const words = useTranslations('accounts.webhook');
  return (
    <Fold strong title={words('title')} open={webhook.setBy === 'you'}>
      <div className="grid gap-3 pt-2">
        <p className="max-w-[64ch] text-pretty text-ink-2">{words(`setBy.${webhook.setBy}`)}</p>
        <CopyLine label={words('url')} value={webhook.url} />
        {Object.entries(webhook.headers).map(([name, value]) => (
          <CopyLine key={name} label={words('header', { name })} value={value} />
        ))}
        {webhook.verifyToken !== null && <CopyLine label={words('verifyToken')} value={webhook.verifyToken} />}
      </div>
    </Fold>
  );
}
