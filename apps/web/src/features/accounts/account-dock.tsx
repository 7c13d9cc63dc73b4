'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import type { AgentsSee } from '@parley/contracts/visibility';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, buttonClass, LinkButton } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { SelectField } from '@/components/select-field';
import { Skeleton } from '@/components/skeleton';
import { useListTime } from '@/features/conversations/use-list-time';
import { shownState } from './account-state';
import { type ProviderOffer, settingsQuery, useChangeAccount, useProviders } from './account-queries';
import { CheckList } from './check-list';
import { ConfigForm } from './config-form';
import { changedConfig, fieldsOf } from './config-fields';
import { DeleteAccount } from './delete-account';
import { Dock } from './dock';
import { HeardGroups } from './heard-groups';
import { RefusalBanner } from './refusal-banner';
import { ScanStep } from './scan-step';
import { StateMark } from './state-mark';
import { Steps } from './steps';
import { TestStep } from './test-step';
import { type AccountStep, goTo } from './use-place';
import { WebhookLines } from './webhook-lines';

interface AccountDockProps {
  id: string;
  step: AccountStep;
  /** It is being connected just now: the steps are shown. */
  fresh: boolean;
}

/** One account: how it is, what mends it, and what it is made of. */
export function AccountDock({ id, step, fresh }: AccountDockProps) {
  const words = useTranslations('accounts');
  const query = useQuery(settingsQuery(id));
  const offers = useProviders();
  const account = query.data;
  const offer = offers.find(({ provider }) => provider === account?.provider);
  if (!account || !offer) {
    return (
      <Dock label={words('title')} title={words('title')}>
        {query.isError ? <RefusalBanner error={query.error} /> : <Skeleton className="h-24" />}
      </Dock>
    );
  }
  const go = (to: AccountStep) => goTo({ at: 'account', id, step: to, fresh });
  return (
    <Dock
      label={words('dock.label', { name: account.name })}
      title={
        <>
          <ChannelMark channel={account.channel} /> <span className="truncate">{account.name}</span>
        </>
      }
      foot={(fresh || step !== 'details') && <DockFoot step={step} go={go} />}
    >
      {fresh && <Steps at={step} linksPhone={offer.linksPhone} />}
      {step === 'scan' && (
        <ScanStep account={account} offer={offer} readAt={query.dataUpdatedAt} onLinked={() => go('test')} />
      )}
      {step === 'test' && <TestStep account={account} />}
      {step === 'details' && <Details account={account} offer={offer} go={go} />}
    </Dock>
  );
}

function DockFoot({ step, go }: { step: AccountStep; go: (to: AccountStep) => void }) {
  const words = useTranslations('accounts');
  const leave = () => goTo({ at: 'list' });
  return (
    <>
      {step === 'scan' && <p className="min-w-0 flex-1 text-meta text-ink-3">{words('scan.moves')}</p>}
      {step !== 'details' && (
        <Button className="ms-auto" onClick={() => go('details')}>
          {words('wizard.back')}
        </Button>
      )}
      <Button variant="line" className={step === 'details' ? 'ms-auto' : ''} onClick={leave}>
        {words(step === 'test' ? 'wizard.finish' : 'wizard.later')}
      </Button>
    </>
  );
}

interface DetailsProps {
  account: AccountSettings;
  offer: ProviderOffer;
  go: (to: AccountStep) => void;
}

function Details({ account, offer, go }: DetailsProps) {
  const words = useTranslations('accounts.dock');
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <Condition account={account} offer={offer} go={go} />
      <CheckList checks={account.checks} />
      <WebhookLines webhook={account.webhook} />
      <section aria-label={words('details')} className="grid gap-3">
        <h3 className="font-semibold">{words('details')}</h3>
        <SavedConfig account={account} offer={offer} />
      </section>
      <Visibility account={account} />
      {offer.tellsGroups && <HeardGroups accountId={account.id} channel={account.channel} />}
      <LinkButton tone="danger" className="justify-self-start" onClick={() => setDeleting(true)}>
        {words('delete')}
      </LinkButton>
      {deleting && <DeleteAccount account={account} onClose={() => setDeleting(false)} />}
    </>
  );
}

/** How it is in words, and what one can do about it. */
function Condition({ account, offer, go }: DetailsProps) {
  const words = useTranslations('accounts');
  const channel = useTranslations('common.channel');
  const time = useListTime();
  const change = useChangeAccount(account.id);
  const state = shownState(account);
  const canScan = offer.linksPhone && (account.state === 'needs_qr' || account.state === 'connecting');
  const mustInstall = offer.install !== null && account.state === 'needs_reauth';
  return (
    <section className="grid gap-3">
      <div className="flex gap-2.5" role="status">
        <StateMark state={state} />
        <div>
          <p className="font-medium">{words(`state.${state}`)}</p>
          {account.stateDetail && <p className="max-w-[64ch] text-pretty text-ink-2">{account.stateDetail}</p>}
          {account.doubt && (
            <p className="max-w-[64ch] text-pretty text-ink-2">
              {words(`doubt.${account.doubt.kind}`, {
                channel: channel(account.channel),
                time: time(account.doubt.since),
                phone: offer.linksPhone ? 'yes' : 'no',
              })}
            </p>
          )}
          {account.paused && <p className="max-w-[64ch] text-ink-2">{words('dock.pausedHint')}</p>}
        </div>
      </div>
      {change.error && <RefusalBanner error={change.error} />}
      <div className="flex flex-wrap gap-2">
        {canScan && (
          <Button variant="primary" onClick={() => go('scan')}>
            {words('dock.scan')}
          </Button>
        )}
        {mustInstall && offer.install && (
          <a href={offer.install} className={buttonClass('primary')}>
            {words('dock.install')}
          </a>
        )}
        <Button variant="line" disabled={change.isPending} onClick={() => change.mutate({ config: {} })}>
          {words(change.isPending ? 'dock.checking' : 'dock.check')}
        </Button>
        <Button variant="line" disabled={change.isPending} onClick={() => change.mutate({ paused: !account.paused })}>
          {words(account.paused ? 'dock.resume' : 'dock.pause')}
        </Button>
        <Button variant="line" onClick={() => go('test')}>
          {words('dock.test')}
        </Button>
      </div>
    </section>
  );
}

/** What agents see of it, where it is not as everywhere. */
function Visibility({ account }: { account: AccountSettings }) {
  const words = useTranslations('accounts.visibility');
  const change = useChangeAccount(account.id);
  const shown = change.isPending ? change.variables.agentsSee : account.agentsSee;
  return (
    <div className="grid gap-3">
      {change.error && <RefusalBanner error={change.error} />}
      <SelectField
        label={words('label')}
        hint={words('hint')}
        value={shown ?? 'tenant'}
        onChange={({ target }) => change.mutate({ agentsSee: levels.find((level) => level === target.value) ?? null })}
      >
        {(['tenant', ...levels] as const).map((level) => (
          <option key={level} value={level}>
            {words(level)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

const levels = ['own', 'unassigned', 'team', 'all'] as const satisfies readonly AgentsSee[];

/** What it was connected with. Saving checks it again; secrets are replaced, never shown. */
function SavedConfig({ account, offer }: { account: AccountSettings; offer: ProviderOffer }) {
  const words = useTranslations('accounts.form');
  const change = useChangeAccount(account.id);
  const [saves, setSaves] = useState(0);
  const fields = fieldsOf(offer.config);
  return (
    <>
      <ConfigForm
        key={saves} // what was saved is what stands there, and entered secrets are gone from the page
        fields={fields}
        name={account.name}
        config={account.config}
        secrets={account.secrets}
        submit={words('save')}
        pending={change.isPending}
        error={change.error}
        onSubmit={(name, entered) =>
          change.mutate(
            { ...(name !== account.name && { name }), config: changedConfig(fields, account.config, entered) },
            { onSuccess: () => setSaves((count) => count + 1) },
          )
        }
      />
      <p role="status" className="text-meta text-ok-ink">
        {saves > 0 && !change.isPending && !change.error ? words('saved') : ''}
      </p>
    </>
  );
}
