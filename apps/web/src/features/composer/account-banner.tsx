'use client';

import type { Account } from '@parley/contracts/accounts';
import { CircleAlert, LoaderCircle, Pause, Plug, QrCode, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/banner';
import { useListTime } from '@/features/conversations/use-list-time';
import { useMay } from '@/features/session/queries';
import { troubleOf, type Trouble } from './account-trouble';

const looks: Record<Trouble, { tone: 'danger' | 'warn' | 'neutral'; icon: LucideIcon }> = {
  deleted: { tone: 'neutral', icon: Plug },
  needs_reauth: { tone: 'danger', icon: CircleAlert },
  restricted: { tone: 'danger', icon: CircleAlert },
  needs_qr: { tone: 'danger', icon: QrCode },
  disconnected: { tone: 'warn', icon: TriangleAlert },
  connecting: { tone: 'neutral', icon: LoaderCircle },
  paused: { tone: 'warn', icon: Pause },
  unconfirmed: { tone: 'warn', icon: TriangleAlert },
  silent: { tone: 'warn', icon: TriangleAlert },
};

/** Says why nothing goes out through this account, and who can mend it. Nothing while all is well. */
export function AccountBanner({ account }: { account: Account | undefined }) {
  const t = useTranslations('composer.account');
  const channel = useTranslations('common.channel');
  const time = useListTime();
  const canMend = useMay('account.manage');
  const trouble = troubleOf(account);
  if (!trouble) return null;
  const { tone, icon } = looks[trouble];
  const name = (chunks: React.ReactNode) => <b className="font-semibold">{chunks}</b>;
  const values = {
    account: account?.name ?? '',
    channel: account ? channel(account.channel) : '',
    who: canMend ? 'you' : 'admin',
    since: account?.doubt ? time(account.doubt.since) : '',
    name,
  };
  const told = trouble !== 'deleted' && trouble !== 'paused' ? account?.stateDetail : null;
  return (
    <Banner
      tone={tone}
      icon={icon}
      spin={trouble === 'connecting'}
      action={
        account &&
        canMend &&
        trouble !== 'deleted' &&
        trouble !== 'connecting' && (
          <a
            href={`/accounts?account=${account.id}&step=${trouble === 'needs_qr' ? 'scan' : 'details'}`}
            className="reach flex-none rounded-1 font-medium text-accent-ink underline-offset-2 hover:underline"
          >
            {t('mend')}
          </a>
        )
      }
    >
      {t.rich(trouble, values)}
      {told && <span className="text-ink-2"> {told}</span>}
    </Banner>
  );
}
