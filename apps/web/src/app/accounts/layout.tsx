import { getLocale, getMessages } from 'next-intl/server';
import { headers } from 'next/headers';
import { WordsProvider } from '@/i18n/words-provider';
import { WorkProviders } from '../work-providers';

/** Its words come with it: who only answers customers never loads them. */
export default async function AccountsLayout({ children }: { children: React.ReactNode }) {
  return (
    <WordsProvider locale={await getLocale()} messages={await getMessages()}>
      <WorkProviders nonce={(await headers()).get('x-nonce') ?? undefined}>{children}</WorkProviders>
    </WordsProvider>
  );
}
