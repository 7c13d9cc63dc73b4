'use client';

import { Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Icon } from '@/components/icon';
import { copyText } from '@/lib/copy-text';

/** Shown this once: each opens the door once when the authenticator is lost. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const words = useTranslations('entry.secondProof');
  const common = useTranslations('common');
  const [copied, setCopied] = useState(false);
  // Where it is refused they still stand there to be written down.
  const copy = () =>
    void copyText(codes.join('\n')).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <section aria-label={words('recovery')} className="grid gap-2">
      <p className="text-pretty text-ink-2">{words('recoveryHint')}</p>
      <ul className="grid grid-cols-2 gap-x-4 gap-y-1 rounded-3 bg-fill px-3 py-2 font-mono text-meta">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button variant="line" onClick={copy} className="justify-self-start">
        <Icon of={Copy} size={14} />
        {copied ? common('copied') : words('copyAll')}
      </Button>
      <span role="status" className="sr-only">
        {copied && common('copied')}
      </span>
    </section>
  );
}
