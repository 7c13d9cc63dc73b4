'use client';

import type { Capabilities } from '@parley/contracts/accounts';
import { FileText, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { loadLeavingFile } from '../messages/late-leaving-file';
import { useSize } from '../messages/media-details';
import { refusalOf, type Picked } from './outgoing-files';
import { useObjectUrl } from './use-object-url';

interface FileTrayProps {
  files: readonly Picked[];
  rules: Capabilities['files'];
  onRemove: (id: string) => void;
}

/** What will be sent with the words, or why it cannot be. */
export function FileTray({ files, rules, onRemove }: FileTrayProps) {
  const t = useTranslations('composer.files');
  useEffect(() => void loadLeavingFile().catch(() => undefined), []); // what is sent next is drawn by it
  return (
    <ul aria-label={t('chosen')} className="mx-3 mt-1.5 mb-0.5 flex max-h-40 flex-wrap gap-1.5 overflow-y-auto">
      {files.map((one) => (
        <TrayItem key={one.id} file={one} refusal={refusalOf(rules, one.bytes)} onRemove={() => onRemove(one.id)} />
      ))}
    </ul>
  );
}

function TrayItem({ file, refusal, onRemove }: { file: Picked; refusal: string | null; onRemove: () => void }) {
  const t = useTranslations('composer.files');
  const size = useSize();
  const { bytes } = file;
  const url = useObjectUrl(bytes.type.startsWith('image/') ? bytes : null);
  return (
    <li
      className={cx(
        'flex max-w-full min-w-0 items-center gap-2 rounded-3 py-1 ps-1 pe-0.5 text-meta',
        refusal ? 'w-full bg-danger-soft' : 'w-56 bg-fill',
      )}
    >
      <span className="grid size-9 flex-none place-items-center overflow-hidden rounded-2 bg-press text-ink-2">
        {url ? <img src={url} alt="" className="size-full object-cover" /> : <Icon of={FileText} size={18} />}
      </span>
      <span className="min-w-0 flex-1">
        <b className="block truncate font-medium" title={bytes.name} dir="auto">
          {bytes.name}
        </b>
        {refusal ? (
          <span role="alert" className="block text-danger-ink">
            {refusal}
          </span>
        ) : (
          <span className="num block text-ink-2">{size(bytes.size)}</span>
        )}
      </span>
      <IconButton
        icon={X}
        iconSize={14}
        size={28}
        label={t('remove', { name: bytes.name })}
        onClick={onRemove}
        className="pointer-coarse:size-11"
      />
    </li>
  );
}
