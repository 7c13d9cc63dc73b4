'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { copyText } from '@/lib/copy-text';

/** The id to quote when asking for help; a click copies it. */
export function CorrelationId({ id }: { id: string | null }) {
  const words = useTranslations('common');
  const [copied, setCopied] = useState(false);
  if (!id) return null;
  // Where it is refused the id still stands there to be read.
  const copy = () =>
    void copyText(id).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={words('copyId', { id })}
      className="reach rounded-1 font-mono text-meta hover:text-ink"
    >
      {copied ? words('copied') : id}
    </button>
  );
}
