import path from 'node:path';
import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

const root = path.join(import.meta.dirname, '../..');

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  transpilePackages: ['@parley/client', '@parley/contracts'],
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by the workspace's own target; the build need not do it twice.
  typescript: { ignoreBuildErrors: true },
};

const withWords = createNextIntlPlugin({
  requestConfig: './src/i18n/request.ts',
  // Words are compiled with the build, so that no page carries the compiler.
  experimental: { messages: { path: './messages', format: 'json', locales: ['en', 'pt-BR', 'ro'], precompile: true } },
});

export default withWords(config);
