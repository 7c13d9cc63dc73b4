'use client';

import type { InstallAccount } from '@parley/contracts/tenants';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { Fact, Row } from '@/components/rows';
import { adminPath, goTo } from './place';

/** An account of whatever tenant, and what is the matter with it. */
export function InstallAccountRow({ account, named = false }: { account: InstallAccount; named?: boolean }) {
  const states = useTranslations('shell.accounts.state');
  const words = useTranslations('admin.accounts');
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const { name, channel, provider, state, stateDetail, paused, stateAt, tenantId, tenantName } = account;
  const path = adminPath('tenants', tenantId);
  const shown = paused && state === 'connected' ? 'paused' : state;
  const troubled = state !== 'connected' && state !== 'deleted';
  return (
    <Row
      quiet={state === 'deleted'}
      lead={<ChannelMark channel={channel} size={32} />}
      title={<span className="truncate">{name}</span>}
      meta={provider}
      facts={
        <>
          {named && (
            <Fact>
              <a href={path} onClick={goTo(path)} className="rounded-1 font-medium text-accent-ink hover:underline">
                {tenantName}
              </a>
            </Fact>
          )}
          <Fact wide>
            <span className={cx('font-medium', troubled && 'text-danger-ink')}>{states(shown)}</span>
            {stateDetail && <span className="block text-meta text-pretty">{stateDetail}</span>}
          </Fact>
          <Fact>{words('since', { when: format.relativeTime(new Date(stateAt), now) })}</Fact>
        </>
      }
    />
  );
}
