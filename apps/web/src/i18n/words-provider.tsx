'use client';

import { type Locale, type Messages, NextIntlClientProvider } from 'next-intl';
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
  locale: Locale;
  messages: Partial<Messages>;
  children: React.ReactNode;
}) {
  const timeZone = useSyncExternalStore(
    () => () => undefined,
    ownTimeZone,
    () => 'UTC',
  );
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone={timeZone}>
      {children}
    </NextIntlClientProvider>
  );
}

let known: string | undefined;

/** Asked on every render, and dear to find out. */
function ownTimeZone(): string {
  return (known ??= Intl.DateTimeFormat().resolvedOptions().timeZone);
}
