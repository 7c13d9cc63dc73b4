'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Confirm } from '@/components/confirm';
import { Icon } from '@/components/icon';
import { Fact, Row, WholeRows } from '@/components/rows';
import { say } from '@/components/toast';
import { teamKeys } from '@/features/team/queries';
import { browserOf } from './browser-words';
import { ByPassword } from './by-password';
import { addPasskey, NoPasskey, passkeysQuery, removePasskey, type Passkey } from './passkeys';
import { Part } from './section-head';

/** The passkeys that open one's sign-in, the way to one more, and to one less. */
export function PasskeysPart() {
  const words = useTranslations('settings.passkeys');
  const passkeys = useQuery(passkeysQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Part
      title={words('title')}
      hint={words('hint')}
      action={
        <Button variant="line" onClick={() => setAdding(true)}>
          {words('add')}
        </Button>
      }
    >
      <WholeRows
        label={words('title')}
        query={passkeys}
        items={passkeys.data}
        empty={<p className="text-ink-3">{words('none')}</p>}
      >
        {(passkey) => <PasskeyRow key={passkey.id} passkey={passkey} />}
      </WholeRows>
      {adding && <AddPasskey onClose={() => setAdding(false)} />}
    </Part>
  );
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const words = useTranslations('settings.passkeys');
  const client = useQueryClient();
  const format = useFormatter();
  const [removing, setRemoving] = useState(false);
  const name = passkey.name ?? words('unnamed');
  return (
    <Row
      lead={
        <span className="grid size-8 flex-none place-items-center rounded-3 bg-fill text-ink-2">
          <Icon of={KeyRound} />
        </span>
      }
      title={<span className="truncate">{name}</span>}
      meta={words(passkey.backedUp ? 'synced' : 'bound')}
      facts={
        <Fact>{words('since', { day: format.dateTime(new Date(passkey.createdAt), { dateStyle: 'medium' }) })}</Fact>
      }
      end={
        <>
          <LinkButton tone="danger" onClick={() => setRemoving(true)} aria-label={words('removeWhat', { name })}>
            {words('remove')}
          </LinkButton>
          {removing && (
            <Confirm
              title={words('removeTitle')}
              description={words('removeHint')}
              act={words('remove')}
              onClose={() => setRemoving(false)}
              work={() =>
                removePasskey(passkey.id).then(() => client.invalidateQueries({ queryKey: teamKeys.passkeys }))
              }
            />
          )}
        </>
      }
    />
  );
}

/** Named after the browser that made it: people know it again by that. */
function AddPasskey({ onClose }: { onClose: () => void }) {
  const words = useTranslations('settings.passkeys');
  const client = useQueryClient();
  const { name, system } = browserOf(navigator.userAgent);
  const add = async (password: string) => {
    await addPasskey(password, name && system ? words('name', { name, system }) : undefined);
    await client.invalidateQueries({ queryKey: teamKeys.passkeys });
    say(words('added'));
    onClose();
  };
  return (
    <ByPassword
      title={words('add')}
      hint={words('addHint')}
      act={words('addAct')}
      onClose={onClose}
      work={add}
      problemOf={(error) => (error instanceof NoPasskey ? words(error.why) : null)}
    />
  );
}
