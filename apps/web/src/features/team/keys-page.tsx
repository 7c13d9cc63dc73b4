'use client';

import type { ApiKey } from '@parley/contracts/api-keys';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Chip } from '@/components/chip';
import { Confirm } from '@/components/confirm';
import { Empty } from '@/components/empty';
import { Icon } from '@/components/icon';
import { Fact, Row, Rows } from '@/components/rows';
import { SectionHead } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { KeyDialog } from './key-dialog';
import { apiKeysQuery, teamKeys } from './queries';
import { RotateKey } from './rotate-key';
import { teamRoutes } from './routes';
import { useAccountWords } from './use-account-words';
import { usePermissionWords } from './use-permission-words';

/** Programs' ways in. */
export function KeysPage() {
  const words = useTranslations('team.keys');
  const [making, setMaking] = useState(false);
  const keys = useInfiniteQuery(apiKeysQuery);
  return (
    <>
      <SectionHead
        title={words('title')}
        hint={
          <>
            {words('hint')}{' '}
            <a href="/api/docs" className="font-medium text-accent-ink hover:underline">
              {words('docs')}
            </a>
          </>
        }
        action={
          <Button variant="primary" onClick={() => setMaking(true)}>
            <Icon of={Plus} />
            {words('make')}
          </Button>
        }
      />
      <Rows
        label={words('title')}
        query={keys}
        empty={
          <div className="border-t border-line">
            <Empty icon={KeyRound} title={words('none')}>
              {words('noneHint')}
            </Empty>
          </div>
        }
      >
        {(key) => <KeyRow key={key.id} apiKey={key} />}
      </Rows>
      {making && <KeyDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const words = useTranslations('team.keys');
  const client = useQueryClient();
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const accountWords = useAccountWords();
  const permissionWords = usePermissionWords();
  const [doing, setDoing] = useState<'rotate' | 'revoke' | null>(null);
  const { name, prefix, state, expiresAt, lastUsedAt, oldUntil, accountIds, permissions, me } = apiKey;
  const day = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium' });
  return (
    <Row
      quiet={state !== 'active'}
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={KeyRound} />
        </span>
      }
      title={
        <>
          <span className="truncate">{name}</span>
          {state !== 'active' && <Chip small>{words(`state.${state}`)}</Chip>}
        </>
      }
      meta={<span className="font-mono">{prefix}…</span>}
      facts={
        <>
          <Fact>{accountWords(accountIds)}</Fact>
          <Fact>
            {lastUsedAt ? words('used', { when: format.relativeTime(new Date(lastUsedAt), now) }) : words('unused')}
          </Fact>
          <Fact>
            {expiresAt ? words('ends', { day: day(expiresAt) }) : words('endless')}
            {oldUntil &&
              ` ${words('old', { until: format.dateTime(new Date(oldUntil), { dateStyle: 'medium', timeStyle: 'short' }) })}`}
          </Fact>
        </>
      }
      end={
        me.can.length > 0 && (
          <>
            {me.can.includes('rotate') && (
              <LinkButton onClick={() => setDoing('rotate')} aria-label={words('rotateWhat', { name })}>
                {words('rotate')}
              </LinkButton>
            )}
            {me.can.includes('revoke') && (
              <LinkButton tone="danger" onClick={() => setDoing('revoke')} aria-label={words('revokeWhat', { name })}>
                {words('revoke')}
              </LinkButton>
            )}
          </>
        )
      }
    >
      <p className="max-w-[72ch] pb-1.5 ps-11 text-meta text-pretty text-ink-2">
        {words('may')} {permissions.map(permissionWords).join(', ')}.
      </p>
      {doing === 'rotate' && <RotateKey id={apiKey.id} name={name} onClose={() => setDoing(null)} />}
      {doing === 'revoke' && (
        <Confirm
          title={words('revokeTitle', { name })}
          description={words('revokeHint')}
          act={words('revokeAct')}
          onClose={() => setDoing(null)}
          work={() =>
            call(teamRoutes.revokeApiKey, { params: { id: apiKey.id } }).then(() =>
              client.invalidateQueries({ queryKey: teamKeys.keys }),
            )
          }
        />
      )}
    </Row>
  );
}
