'use client';

import type { ProviderName } from '@parley/contracts/accounts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Button, buttonClass } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { type ProviderOffer, settingsQuery, useProviders } from './account-queries';
import { ConfigForm } from './config-form';
import { type Entered, fieldsOf, newConfig } from './config-fields';
import { Dock } from './dock';
import { Steps } from './steps';
import { goTo } from './use-place';

/** Connecting something new: which provider, then what it needs. Once it is there, its own panel goes on. */
export function ConnectDock({ provider }: { provider: string | null }) {
  const words = useTranslations('accounts.wizard');
  const offers = useProviders();
  const offer = offers.find((one) => one.provider === provider);
  if (!offer) {
    return (
      <Dock label={words('title')} title={words('title')}>
        <Steps at="channel" linksPhone />
        <ProviderList offers={offers} />
      </Dock>
    );
  }
  const title = words('titleOf', { name: offer.name });
  return (
    <Dock
      label={title}
      title={
        <>
          <ChannelMark channel={offer.channel} /> <span className="truncate">{title}</span>
        </>
      }
      foot={
        <Button variant="line" onClick={() => goTo({ at: 'connect', provider: null })}>
          {words('back')}
        </Button>
      }
    >
      <Steps at="details" linksPhone={offer.linksPhone} />
      {offer.install && <InstallWay href={offer.install} />}
      <NewAccount offer={offer} />
    </Dock>
  );
}

function ProviderList({ offers }: { offers: ProviderOffer[] }) {
  const words = useTranslations('accounts.wizard');
  return (
    <section aria-label={words('choose')} className="grid gap-2">
      <h3 className="text-heading">{words('choose')}</h3>
      {offers.map(({ provider, name, channel }) => (
        <button
          key={provider}
          type="button"
          onClick={() => goTo({ at: 'connect', provider })}
          className="flex min-h-12 items-center gap-3 rounded-3 px-3 text-start text-body font-medium shadow-edge hover:bg-hover"
        >
          <ChannelMark channel={channel} size={32} />
          {name}
        </button>
      ))}
    </section>
  );
}

/** A page of ours that leads to the provider's consent, and from there back to the list. */
function InstallWay({ href }: { href: string }) {
  const words = useTranslations('accounts.form');
  return (
    <div className="grid gap-2">
      <a href={href} className={buttonClass('primary')}>
        {words('installAt')}
      </a>
      <p className="text-ink-2">{words('installHint')}</p>
      <p className="pt-3 font-semibold">{words('orByHand')}</p>
    </div>
  );
}

function NewAccount({ offer }: { offer: ProviderOffer }) {
  const words = useTranslations('accounts.form');
  const client = useQueryClient();
  const fields = fieldsOf(offer.config);
  const create = useMutation({
    mutationFn: async ({ name, entered }: { name: string; entered: Entered }) => {
      const body = { provider: offer.provider as ProviderName, name, config: newConfig(fields, entered) };
      return (await call(routes.createAccount, { body })).body;
    },
    onSuccess: (account) => {
      client.setQueryData(settingsQuery(account.id).queryKey, account);
      const isThrough = account.state === 'connected' && account.checks.every(({ passed }) => passed);
      const isLinking = offer.linksPhone && (account.state === 'needs_qr' || account.state === 'connecting');
      const step = isThrough ? 'test' : isLinking ? 'scan' : 'details';
      goTo({ at: 'account', id: account.id, step, fresh: true });
    },
  });
  return (
    <ConfigForm
      fields={fields}
      submit={words('check')}
      pending={create.isPending}
      error={create.error}
      onSubmit={(name, entered) => create.mutate({ name, entered })}
    />
  );
}
