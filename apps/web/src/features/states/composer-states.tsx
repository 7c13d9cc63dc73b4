'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { AccountBanner } from '@/features/composer/account-banner';
import { Composer } from '@/features/composer/composer';
import { addToTray, emptyTray } from '@/features/composer/tray';
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

  useEffect(() => {
    addToTray(talks.files.id, chosen());
    return () => emptyTray(talks.files.id);
  }, []);

  return (
    <>
      <Section title={t('composer.title')}>
        <div className="-mx-4 grid gap-1 max-md:mx-0">
          <Indented words={t('composer.empty')} />
          <Composer conversation={talks.empty} />
          <Indented words={t('composer.quoting')} />
          <Composer conversation={talks.quoting} />
          <Indented words={t('composer.files')} />
          <Composer conversation={talks.files} />
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

/** One that is taken, and one that is not. */
function chosen(): File[] {
  const drawn =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z" fill="#b45309"/></svg>';
  return [
    new File([drawn], 'grinder.svg', { type: 'image/svg+xml' }),
    new File(['PK'], 'everything there is.zip', { type: 'application/zip' }),
  ];
}

function Indented({ words }: { words: string }) {
  return (
    <div className="px-4 max-md:px-0">
      <Caption>{words}</Caption>
    </div>
  );
}
