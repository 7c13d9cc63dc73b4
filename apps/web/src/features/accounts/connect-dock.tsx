'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, buttonClass } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { Icon } from '@/components/icon';
import { Skeleton } from '@/components/skeleton';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { type ProviderOffer, providersQuery, settingsQuery } from './account-queries';
import { ConfigForm } from './config-form';
import { fieldsOf, newConfig } from './config-fields';
import { Dock } from './dock';
import { RefusalBanner } from './refusal-banner';
import { Steps } from './steps';
import { goTo } from './use-place';

/** Connecting something new: which provider, then what it needs. Once it is there, its own panel goes on. */
export function ConnectDock({ provider }: { provider: string | null }) {
  const words = useTranslations('accounts.wizard');
  const query = useQuery(providersQuery);
  const offer = query.data?.find((one) => one.provider === provider);
  if (offer) return <NewAccount offer={offer} />;
  return (
    <Dock label={words('title')} title={words('title')}>
      <Steps at="channel" linksPhone />
      {query.isError ? <RefusalBanner error={query.error} /> : <ProviderList offers={query.data} />}
    </Dock>
  );
}

/** `offers` undefined: they are still read. */
function ProviderList({ offers }: { offers: ProviderOffer[] | undefined }) {
  const words = useTranslations('accounts.wizard');
  return (
    <section aria-label={words('choose')} aria-busy={!offers} className="grid gap-2">
      <h3 className="pb-1 text-heading">{words('choose')}</h3>
      {!offers && [1, 2, 3].map((row) => <Skeleton key={row} className="h-16 !rounded-3" />)}
      {offers?.map((offer) => (
        <button
          key={offer.provider}
          type="button"
          onClick={() => goTo({ at: 'connect', provider: offer.provider })}
          className="flex min-h-16 items-center gap-3 rounded-3 px-3 py-2.5 text-start shadow-edge hover:bg-hover"
        >
          <ChannelMark channel={offer.channel} size={32} />
          <span className="min-w-0 flex-1">
            <span className="block text-body font-medium">{offer.name}</span>
            <span className="block text-meta text-ink-3">{words(`way.${wayOf(offer)}`)}</span>
          </span>
          <Icon of={ChevronRight} className="text-ink-3" />
        </button>
      ))}
    </section>
  );
}

/** How one gets in, which is what people choose by. */
function wayOf({ install, linksPhone, webhook }: ProviderOffer): 'consent' | 'phone' | 'token' | 'tokenAndWebhook' {
  if (install) return 'consent';
  if (linksPhone) return 'phone';
  return webhook === 'copy' ? 'tokenAndWebhook' : 'token';
}

/** A page of ours that leads to the provider's consent, and from there back to the list. */
function InstallWay({ href }: { href: string }) {
  const words = useTranslations('accounts.form');
  return (
    <section className="grid justify-items-start gap-2.5 border-b border-line pb-5">
      <p className="max-w-[64ch] text-pretty text-ink-2">{words('installHint')}</p>
      <a href={href} className={buttonClass('primary')}>
        {words('installAt')}
      </a>
    </section>
  );
}

const FORM = 'new-account';

function NewAccount({ offer }: { offer: ProviderOffer }) {
  const words = useTranslations('accounts');
  const create = useCreate(offer);
  const fields = fieldsOf(offer.config);
  const title = words('wizard.titleOf', { name: offer.name });
  return (
    <Dock
      label={title}
      title={
        <>
          <ChannelMark channel={offer.channel} /> <span className="truncate">{title}</span>
        </>
      }
      foot={
        <>
          <Button className="ms-auto" onClick={() => goTo({ at: 'connect', provider: null })}>
            {words('wizard.back')}
          </Button>
          <Button type="submit" form={FORM} variant={offer.install ? 'line' : 'primary'} disabled={create.isPending}>
            {words(create.isPending ? 'form.checking' : 'form.check')}
          </Button>
        </>
      }
    >
      <Steps at="details" linksPhone={offer.linksPhone} />
      {offer.install && <InstallWay href={offer.install} />}
      {offer.install && <h3 className="font-semibold">{words('form.orByHand')}</h3>}
      <ConfigForm
        id={FORM}
        fields={fields}
        pending={create.isPending}
        error={create.error}
        onSubmit={(name, entered) => create.mutate({ name, config: newConfig(fields, entered) })}
      />
    </Dock>
  );
}

/** Makes the account and goes on to what it still needs. */
function useCreate({ provider, linksPhone }: ProviderOffer) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (account: { name: string; config: Record<string, unknown> }) =>
      (await call(routes.createAccount, { body: { provider, ...account } })).body,
    onSuccess: (account) => {
      client.setQueryData(settingsQuery(account.id).queryKey, account);
      const isThrough = account.state === 'connected' && account.checks.every(({ passed }) => passed);
      const isLinking = linksPhone && (account.state === 'needs_qr' || account.state === 'connecting');
      const step = isThrough ? 'test' : isLinking ? 'scan' : 'details';
      goTo({ at: 'account', id: account.id, step, fresh: true });
    },
  });
}
