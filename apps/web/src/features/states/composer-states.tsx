'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { AccountBanner } from '@/features/composer/account-banner';
import { Composer } from '@/features/composer/composer';
import { useDrafts } from '@/features/composer/use-draft';
import { sampleId, talks, troubled } from './sample-world';
import { Caption, Section } from './section';

/** Composers, templates, and what can be the matter with an account. */
export function ComposerStates() {
  const t = useTranslations('states');
  const drafts = useDrafts();

  useEffect(() => {
    drafts?.edit(talks.quoting.id, {
      text: '… and both come in one parcel, since you asked for that. They leave on Monday.',
      quote: { messageId: sampleId(60), author: 'Sofia Lindqvist', text: 'Is the matte black one back?' },
    });
    drafts?.flush();
  }, [drafts]);

  return (
    <>
      <Section title={t('composer.title')}>
        <div className="-mx-4 grid gap-1 max-md:mx-0">
          <Indented words={t('composer.empty')} />
          <Composer conversation={talks.empty} />
          <Indented words={t('composer.quoting')} />
          <Composer conversation={talks.quoting} />
          <Indented words={t('composer.closed')} />
          <Composer conversation={talks.closed} />
          <Indented words={t('composer.waiting')} />
          <Composer conversation={talks.waiting} />
        </div>
      </Section>
      <Section title={t('accounts')}>
        <div className="grid gap-2">
          {troubled.map((account) => (
            <AccountBanner key={account.id} account={account} />
          ))}
          <AccountBanner account={undefined} />
        </div>
      </Section>
    </>
  );
}

function Indented({ words }: { words: string }) {
  return (
    <div className="px-4 max-md:px-0">
      <Caption>{words}</Caption>
    </div>
  );
}
