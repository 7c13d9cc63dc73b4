import { getLocale, getMessages } from 'next-intl/server';
import { WordsProvider } from '@/i18n/words-provider';

/** Words of the rarer ways in: who only signs in never loads them. */
export async function EntryWords({ children }: { children: React.ReactNode }) {
  const { common, errors, signIn, entry } = await getMessages();
  return (
    <WordsProvider locale={await getLocale()} messages={{ common, errors, signIn, entry }}>
      {children}
    </WordsProvider>
  );
}
