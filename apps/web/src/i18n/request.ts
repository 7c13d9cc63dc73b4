import { isLanguage, languageAsked, languages } from '@parley/contracts/languages';
import { getRequestConfig } from 'next-intl/server';
import { cookies, headers } from 'next/headers';
import { LANGUAGE_COOKIE } from './language-cookie';
import { wordsOf } from './messages';

/** What this browser was last spoken to in, else what it asks for. */
export default getRequestConfig(async () => {
  const known = (await cookies()).get(LANGUAGE_COOKIE)?.value;
  const asked = languageAsked((await headers()).get('accept-language'));
  const locale = isLanguage(known) ? known : (asked ?? languages[0]);
  return { locale, messages: await wordsOf(locale) };
});
