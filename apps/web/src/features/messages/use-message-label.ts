'use client';

import { useTranslations } from 'next-intl';
import { captionOf } from './album';
import { tickOf } from './message-meta';
import { isFailed } from './message-status';
import { messageText } from './message-text';
import { isMine, useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';
import { useTimes } from './times';

const SPOKEN = 160;

/** Who wrote it, as its reader would say. */
export function useSenderName(): (message: ThreadMessage) => string {
  const t = useTranslations('messages.sender');
  const scene = useThreadScene();
  return (message) => {
    if (isMine(message, scene)) return t('you');
    if (message.sender.name) return message.sender.name;
    if (message.origin === 'phone') return t('phone');
    return message.origin === 'elsewhere' ? t('elsewhere') : t('unknown');
  };
}

/** What a message is, in a word or two, where it has no words of its own. */
export function useKindName(): (message: ThreadMessage) => string {
  const t = useTranslations('messages.content');
  return ({ content }) => {
    switch (content.type) {
      case 'media':
        return t(`media.${content.kind}`);
      case 'call':
        return t(content.video ? 'videoCall' : 'voiceCall');
      case 'unsupported':
        return t('unsupported', { kind: content.kind });
      case 'unreadable':
        return t('unreadable');
      case 'location':
        return t(content.live ? 'liveLocation' : 'location');
      case 'order':
        return t('order');
      case 'text':
      case 'template':
      case 'choice':
      case 'contacts':
      case 'poll':
      case 'system':
        return '';
    }
  };
}

/** A message in one breath, for readers: sender, words, time, how far it got. `pictures`: it stands for an album of so many. */
export function useMessageLabel(message: ThreadMessage, pictures?: number): string {
  const status = useTranslations('common.tick');
  const content = useTranslations('messages.content');
  const sender = useSenderName()(message);
  const kind = useKindName()(message);
  const times = useTimes();
  const words = message.deletedAt
    ? content('deleted', { name: sender })
    : pictures
      ? [content('album', { count: pictures }), captionOf(message)].filter(Boolean).join(', ')
      : [kind, messageText(message.content)].filter(Boolean).join(', ');
  const tick = isFailed(message) ? 'failed' : (tickOf(message) ?? message.delivery?.status);
  const spoken = words.length > SPOKEN ? `${words.slice(0, SPOKEN)}…` : words;
  return [`${sender}: ${spoken}`, times.clock(message.sentAt), tick && status(tick)].filter(Boolean).join(', ');
}
