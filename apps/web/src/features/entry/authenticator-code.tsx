'use client';

import qrcode from 'qrcode-generator';
import { useTranslations } from 'next-intl';

/** What an authenticator scans, in black on white in both themes; and the same to type in. */
export function AuthenticatorCode({ uri }: { uri: string }) {
  const words = useTranslations('entry.secondProof');
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <div className="grid gap-3">
      <p className="text-ink-2">{words('scan')}</p>
      <div
        role="img"
        aria-label={words('picture')}
        className="w-fit rounded-4 bg-[#fff] p-4 text-[#14161c] shadow-edge"
      >
        <Modules text={uri} />
      </div>
      <p className="text-meta text-ink-2">
        {words('type')} <span className="font-mono break-all text-ink select-all">{inFours(secret)}</span>
      </p>
    </div>
  );
}

function Modules({ text }: { text: string }) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const cells = Array.from({ length: count }, (_, row) => row).flatMap((row) =>
    Array.from({ length: count }, (_, column) => (code.isDark(row, column) ? `M${column} ${row}h1v1h-1z` : '')),
  );
  return (
    <svg aria-hidden viewBox={`0 0 ${count} ${count}`} className="size-[168px]" shapeRendering="crispEdges">
      <path d={cells.join('')} fill="currentColor" />
    </svg>
  );
}

function inFours(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}
