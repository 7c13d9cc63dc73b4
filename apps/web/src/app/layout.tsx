import '@fontsource-variable/inter/wght.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { getLocale, getMessages } from 'next-intl/server';
import { headers } from 'next/headers';
import { preload } from 'react-dom';
import { themeScript } from '@/features/settings/theme-script';
import { WordsProvider } from '@/i18n/words-provider';
import { Providers } from './providers';

export const metadata: Metadata = { title: 'Parley', robots: { index: false } };

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  interactiveWidget: 'resizes-content', // the composer stays above the keyboard
};

// Latin and Latin Extended (ș, ț, ă live there) are needed at once; other scripts come when a letter asks for them.
const fonts = [
  new URL('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2', import.meta.url),
  new URL('@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2', import.meta.url),
];

/** Words of rarer pages, which bring them themselves. */
const ownWords = ['accounts', 'admin', 'audit', 'entry', 'settings', 'signIn', 'team'] as const;

/** Every page: the theme before the first paint, the words, the cache. */
export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  for (const font of fonts) preload(font.pathname, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' });
  const locale = await getLocale();
  const words = omit(await getMessages(), ownWords);
  return (
    <html lang={locale} data-theme="light" suppressHydrationWarning>
      <head>
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>
        <WordsProvider locale={locale} messages={words}>
          <Providers>{children}</Providers>
        </WordsProvider>
      </body>
    </html>
  );
}

function omit<Whole extends object, Name extends keyof Whole>(whole: Whole, names: readonly Name[]): Omit<Whole, Name> {
  const rest = { ...whole };
  for (const name of names) delete rest[name];
  return rest;
}
