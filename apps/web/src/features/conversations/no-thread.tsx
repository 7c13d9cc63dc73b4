'use client';

import { useQuery } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Empty } from '@/components/empty';
import { Kbd } from '@/components/kbd';
import { keyWords } from '@/lib/keyboard/key-words';
import { shortcuts } from '@/lib/keyboard/shortcuts';
import { isMac } from '@/lib/keyboard/use-shortcuts';
import { conversationQueries } from './queries';

/** Nothing is open. */
export function NoThread() {
  const words = useTranslations('conversation.choose');
  const chord = shortcuts.nextWaiting.chords[0];
  const open = useQuery(conversationQueries.counts()).data?.counts.all ?? 0;
  if (open === 0) return null; // the list says what there is to say
  return (
    <div className="grid flex-1 place-items-center">
      <Empty icon={MessageSquareText} title={words('title')}>
        {words.rich('body', {
          key: () => (
            <span className="inline-flex gap-1 align-middle">
              {(chord ? keyWords(chord, isMac()) : []).map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          ),
        })}
      </Empty>
    </div>
  );
}
