'use client';

import { Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { copyText } from '@/lib/copy-text';
import { Button } from './button';
import { cx } from './cx';
import { Icon } from './icon';

/** Something to take elsewhere: readable as a whole, and copied by a click. `big`: to be typed off by hand. */
export function CopyLine({ label, value, big = false }: { label: string; value: string; big?: boolean }) {
  const words = useTranslations('common');
  const [copied, setCopied] = useState(false);
  // Where it is refused the text still stands there to be read.
  const copy = () =>
    void copyText(value).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <div className="grid gap-1">
      <p className="text-meta text-ink-3">{label}</p>
      <div className="flex items-center gap-2 rounded-3 bg-fill py-1.5 ps-3 pe-1.5">
        <code className={cx('min-w-0 flex-1 font-mono break-all', big ? 'text-title tracking-[0.12em]' : 'text-meta')}>
          {value}
        </code>
        <Button variant="line" size="sm" onClick={copy} aria-label={words('copyWhat', { what: label })}>
          <Icon of={Copy} size={14} />
          {copied ? words('copied') : words('copy')}
        </Button>
        <span role="status" className="sr-only">
          {copied && words('copied')}
        </span>
      </div>
    </div>
  );
}
