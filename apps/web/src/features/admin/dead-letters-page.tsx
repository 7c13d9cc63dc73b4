'use client';

import { useTranslations } from 'next-intl';
import { SectionHead } from '@/features/settings/section-head';
import { DeadLetterList } from './dead-letter-list';

/** What arrived and could not be applied, of every tenant. */
export function DeadLettersPage() {
  const words = useTranslations('admin');
  return (
    <>
      <SectionHead title={words('section.dead-letters')} hint={words('dead.hint')} />
      <DeadLetterList />
    </>
  );
}
