'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { WhyNot } from '@/components/refused';
import { Skeleton } from '@/components/skeleton';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { messageText } from './message-text';
import { RichText } from './rich-text';
import type { ThreadMessage } from './thread-rows';
import { useTimes } from './times';

/** What a message said before, newest first, from what it was just before it became what it is. */
export function EditVersions({ message: { id, editedAt } }: { message: ThreadMessage }) {
  const t = useTranslations('messages.meta');
  const times = useTimes();
  const { data, error } = useQuery({
    queryKey: ['message-edits', id, editedAt],
    queryFn: async ({ signal }) => (await call(routes.listEdits, { params: { id }, signal })).body.items.toReversed(),
    staleTime: Infinity, // another edit has another time
  });
  if (error)
    return (
      <p role="alert" className="text-ui text-danger-ink">
        <WhyNot error={error} />
      </p>
    );
  return (
    <>
      <h3 className="mb-1.5 text-meta font-semibold text-ink-2">{t('history')}</h3>
      {!data && <Skeleton className="h-10" />}
      {data?.length === 0 && <p className="text-ui text-ink-2">{t('noHistory')}</p>}
      <ol className="grid gap-2">
        {data?.map(({ content, at }, index) => (
          <li key={index} className="border-s-2 border-line-strong ps-2 text-ui">
            <div dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]">
              {messageText(content) ? <RichText text={messageText(content)} /> : t('noWords')}
            </div>
            <time className="num text-micro text-ink-3" dateTime={at}>
              {times.full(at)}
            </time>
          </li>
        ))}
      </ol>
    </>
  );
}
