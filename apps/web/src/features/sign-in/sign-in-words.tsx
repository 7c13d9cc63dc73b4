import { getLocale, getMessages } from 'next-intl/server';
import { WordsProvider } from '@/i18n/words-provider';

/** Words of signing in: who works never loads them. */
export async function SignInWords({ children }: { children: React.ReactNode }) {
  const { common, errors, signIn } = await getMessages();
  return (
    <WordsProvider locale={await getLocale()} messages={{ common, errors, signIn }}>
      {children}
    </WordsProvider>
  );
}
