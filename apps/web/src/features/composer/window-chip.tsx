'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { Hourglass, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip } from '@/components/chip';
import { useWindow } from './use-window';
import { shortLeft } from './window-state';

/** How long one may still write freely: hidden above four hours, amber below, red below one; a lock once closed. */
export function WindowChip({
  conversation,
  small = false,
}: {
  conversation: Pick<Conversation, 'window'>;
  small?: boolean;
}) {
  const t = useTranslations('composer.window');
  const state = useWindow(conversation);
  if (state.type === 'always') return null;
  if (state.type === 'closed') {
    return (
      <Chip icon={Lock} small={small} title={t('closedTitle')}>
        {t('closed')}
      </Chip>
    );
  }
  const { unit, value } = shortLeft(state.leftMs);
  return (
    <Chip tone={state.tone} icon={Hourglass} small={small} title={t(`${unit}Title`, { value })}>
      {t(unit, { value })}
      <span className="sr-only">{t(`${unit}Title`, { value })}</span>
    </Chip>
  );
}
