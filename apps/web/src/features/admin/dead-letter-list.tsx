'use client';

import type { DeadLetter } from '@parley/contracts/tenants';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { PackageCheck } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { Fact, Row, Rows } from '@/components/rows';
import { complain, say } from '@/components/toast';
import { call } from '@/lib/api';
import { adminPath, goTo } from './place';
import { deadLettersQuery } from './queries';
import { adminRoutes } from './routes';

/** The API takes as many at once. */
const MOST = 100;

/** Of one tenant or of all: some or all of them can be tried again. */
export function DeadLetterList({ tenant }: { tenant?: string }) {
  const words = useTranslations('admin.dead');
  const letters = useInfiniteQuery(deadLettersQuery(tenant));
  const shown = letters.data?.pages.flatMap((page) => page.items.map(({ key }) => key)) ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const keys = shown.filter((key) => chosen.has(key));
  const replay = useReplay(() => setChosen(new Set()));
  const choose = (key: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(key);
    else next.delete(key);
    setChosen(next);
  };
  return (
    <>
      {shown.length > 0 && (
        <div role="group" aria-label={words('acts')} className="flex flex-wrap items-center gap-3 pb-3">
          <Button
            variant="line"
            disabled={keys.length === 0 || keys.length > MOST || replay.isPending}
            onClick={() => replay.mutate({ keys })}
          >
            {words('replayChosen', { count: keys.length })}
          </Button>
          {tenant && (
            <Button variant="line" disabled={replay.isPending} onClick={() => replay.mutate({ tenant })}>
              {words('replayAll')}
            </Button>
          )}
          <LinkButton onClick={() => setChosen(keys.length > 0 ? new Set() : new Set(shown.slice(0, MOST)))}>
            {words(keys.length > 0 ? 'chooseNone' : 'chooseShown')}
          </LinkButton>
        </div>
      )}
      <Rows
        label={words('list')}
        query={letters}
        empty={
          <div className="border-t border-line">
            <Empty icon={PackageCheck} title={words('none')}>
              {words('noneHint')}
            </Empty>
          </div>
        }
      >
        {(letter) => (
          <LetterRow
            key={letter.key}
            letter={letter}
            named={!tenant}
            chosen={chosen.has(letter.key)}
            onChoose={(on) => choose(letter.key, on)}
          />
        )}
      </Rows>
    </>
  );
}

function useReplay(onDone: () => void) {
  const words = useTranslations('admin.dead');
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { keys: string[] } | { tenant: string }) =>
      call(adminRoutes.replayDeadLetters, { body: wanted }),
    onSuccess: ({ body }) => {
      say(words('replayed', { count: body.replayed }));
      onDone();
    },
    onError: (error) => complain(error.message),
    onSettled: () => client.invalidateQueries({ queryKey: ['admin'] }), // steps before one that failed stand
  });
}

interface LetterRowProps {
  letter: DeadLetter;
  /** Says whose it is. */
  named: boolean;
  chosen: boolean;
  onChoose: (on: boolean) => void;
}

function LetterRow({ letter, named, chosen, onChoose }: LetterRowProps) {
  const words = useTranslations('admin.dead');
  const format = useFormatter();
  const path = adminPath('tenants', letter.tenantId);
  const day = format.dateTime(new Date(letter.receivedOn), { dateStyle: 'medium', timeZone: 'UTC' });
  return (
    <Row
      lead={
        <label className="grid size-8 flex-none place-items-center">
          <span className="sr-only">{words('choose', { key: letter.key.slice(-8), day })}</span>
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={chosen}
            onChange={({ target }) => onChoose(target.checked)}
          />
        </label>
      }
      title={<span className="font-normal break-words">{letter.why}</span>}
      meta={<span className="font-mono">{letter.key}</span>}
      facts={
        <>
          {named && (
            <Fact>
              <a href={path} onClick={goTo(path)} className="rounded-1 font-medium text-accent-ink hover:underline">
                {letter.tenantName}
              </a>
            </Fact>
          )}
          <Fact>{day}</Fact>
        </>
      }
    />
  );
}
