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
      <div className="flex flex-wrap gap-6">
        <div className="grid gap-2">
          <QrPicture image={account.qr?.image ?? null} ended={code.isOver} />
          {code.isOver ? (
            <Button variant="primary" onClick={code.renew}>
              {words('again')}
            </Button>
          ) : (
            account.qr && code.seconds !== null && <p>{words.rich('new', { seconds: code.seconds, b: bold })}</p>
          )}
        </div>
        <ol aria-label={words('how')} className="num grid max-w-[176px] list-inside list-decimal content-start gap-3">
          {(['how1', 'how2', 'how3'] as const).map((line) => (
            <li key={line}>{words.rich(line, { b: bold })}</li>
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
      {code.error && (
        <Banner tone="danger" icon={CircleAlert}>
          {code.error.message}
        </Banner>
      )}
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

/** White in both themes, with a quiet zone: cameras read nothing else. */
function QrPicture({ image, ended }: { image: string | null; ended: boolean }) {
  const words = useTranslations('accounts.scan');
  return (
    <div className="relative grid size-[232px] place-items-center rounded-4 bg-on-channel p-4 shadow-edge">
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
