'use client';

import { type Messages, NextIntlClientProvider } from 'next-intl';
import { useSyncExternalStore } from 'react';

/**
 * The words, and the zone that times are told in: the reader's, not the server's. The server renders no time, so the
 * page does not change when the reader's zone becomes known.
 */
export function WordsProvider({
  locale,
  messages,
  children,
}: {
  locale: 'en';
  messages: Messages;
  children: React.ReactNode;
}) {
  const timeZone = useSyncExternalStore(
    () => () => undefined,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => 'UTC',
  );
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone={timeZone}>
      {children}
    </NextIntlClientProvider>
  );
}
