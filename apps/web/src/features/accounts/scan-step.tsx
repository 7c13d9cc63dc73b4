'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import { CircleAlert, LoaderCircle } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import type { ProviderOffer } from './account-queries';
import { CheckList } from './check-list';
import { PairByCode } from './pair-by-code';
import { RefusalBanner } from './refusal-banner';
import { useLoginCode } from './use-login-code';

interface ScanStepProps {
  account: AccountSettings;
  offer: ProviderOffer;
  /** When this browser read the account. */
  readAt: number;
  onLinked: () => void;
}

/** The code to scan, as long as it lives, until the phone is linked. */
export function ScanStep({ account, offer, readAt, onLinked }: ScanStepProps) {
  const words = useTranslations('accounts.scan');
  const code = useLoginCode(account, readAt);
  const moveOn = useEffectEvent(onLinked);
  useEffect(() => {
    if (account.state === 'connected') moveOn();
  }, [account.state]);
  const isLost = account.state !== 'needs_qr' && account.state !== 'connecting' && account.state !== 'connected';
  const bold = (chunks: React.ReactNode) => <b className="num font-semibold">{chunks}</b>;
  return (
    <>
      <h3 className="text-heading">{words('title')}</h3>
      <div className="grid gap-x-6 gap-y-5 md:grid-cols-[232px_minmax(0,1fr)]">
        <div className="grid content-start gap-2.5">
          <QrPicture image={account.qr?.image ?? null} ended={code.isOver} />
          {code.isOver ? (
            <Button variant="primary" onClick={code.renew}>
              {words('again')}
            </Button>
          ) : (
            account.qr &&
            code.seconds !== null && (
              <p className="flex items-center gap-2">
                <Ring part={(code.seconds * 1_000) / account.qr.leftMs} />
                <span>{words.rich('new', { seconds: code.seconds, b: bold })}</span>
              </p>
            )
          )}
        </div>
        <ol aria-label={words('how')} className="grid content-start gap-3">
          {(['how1', 'how2', 'how3'] as const).map((line, index) => (
            <li key={line} className="flex gap-2.5">
              <span
                aria-hidden
                className="num grid size-5 flex-none place-items-center rounded-full bg-fill text-micro"
              >
                {index + 1}
              </span>
              <span className="min-w-0">{words.rich(line, { b: bold })}</span>
            </li>
          ))}
        </ol>
      </div>
      {isLost && (
        <Banner
          tone="danger"
          icon={CircleAlert}
          action={
            <Button size="sm" onClick={code.renew}>
              {words('again')}
            </Button>
          }
        >
          {account.stateDetail}
        </Banner>
      )}
      {code.error && <RefusalBanner error={code.error} />}
      {offer.pairsByCode && <PairByCode accountId={account.id} shown={account.qr?.pairingCode ?? null} />}
      <p role="status" className="flex items-center gap-2.5 font-medium">
        {!isLost && !code.isOver && (
          <>
            <Icon of={LoaderCircle} className="animate-spin text-accent-ink" />
            {words(account.qr ? 'waiting' : 'coming')}
          </>
        )}
      </p>
      <CheckList checks={account.checks} />
    </>
  );
}

/** What is left of something, as an arc that shrinks. The words beside it say it too. */
function Ring({ part }: { part: number }) {
  return (
    <svg aria-hidden viewBox="0 0 16 16" className="size-4 flex-none -rotate-90 fill-none stroke-2">
      <circle cx="8" cy="8" r="6.5" className="stroke-accent-soft" />
      <circle
        cx="8"
        cy="8"
        r="6.5"
        pathLength={1}
        strokeDasharray={`${Math.min(1, Math.max(0, part))} 1`}
        className="stroke-accent"
      />
    </svg>
  );
}

/** White in both themes, with a quiet zone: cameras read nothing else. */
function QrPicture({ image, ended }: { image: string | null; ended: boolean }) {
  const words = useTranslations('accounts.scan');
  return (
    <div className="relative grid size-[232px] place-items-center rounded-4 bg-on-channel p-2 shadow-edge">
      {image ? (
        // A data address of the provider's.
        <img
          src={image}
          alt={words('alt')}
          className={cx('size-full [image-rendering:pixelated]', ended && 'blur-sm')}
        />
      ) : (
        <Icon of={LoaderCircle} size={24} className="animate-spin text-ink-3" />
      )}
      {ended && image && (
        <p className="absolute rounded-2 bg-raised px-2 py-1 font-medium text-ink shadow-menu">{words('over')}</p>
      )}
    </div>
  );
}
