'use client';

import type { Account } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import { ArrowLeft, Hourglass, Lock } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { Button } from '@/components/button';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { Skeleton } from '@/components/skeleton';
import { useConversation } from '@/features/conversations/queries';
import { lateComponent } from '@/lib/late-component';
import { focusComposer } from './composer-desk';
import { shortName } from './template-fill';
import { useSend } from './use-send';
import type { WindowState } from './window-state';

const loadPicker = () => import('./template-picker');
const TemplatePicker = lateComponent(() => loadPicker().then((module) => module.TemplatePicker));

export interface TemplateComposerProps {
  conversation: Conversation;
  account: Account;
  window: WindowState;
  /** Back to writing; null while only templates can be sent. */
  onBack: (() => void) | null;
}

/** In the composer's place: what happened, and the templates themselves. */
export function TemplateComposer({ conversation, account, window, onBack }: TemplateComposerProps) {
  const t = useTranslations('composer');
  const { conversation: details } = useConversation(conversation.id);
  const send = useSend(conversation.id);
  const waiting =
    window.type === 'closed' &&
    conversation.lastMessage?.direction === 'outbound' &&
    conversation.lastMessage.type === 'template';
  const [again, setAgain] = useState(false);
  const choose = () => {
    setAgain(true);
    loadPicker().then(focusComposer, () => undefined); // where it cannot be had, its place says so
  };
  const title = conversation.kind === 'direct' ? conversation.title : null; // a list knows that much already
  const contactName = details?.contact?.name ?? title;
  return (
    <section
      aria-label={t('template.region', { name: conversation.title })}
      className="max-h-[70dvh] flex-none overflow-x-hidden overflow-y-auto bg-sheet max-md:max-h-[calc(100dvh-104px)] md:mx-4 md:mb-4 md:rounded-4 md:border md:border-line-strong md:focus-within:border-focus max-md:border-t max-md:border-line max-md:pb-[env(safe-area-inset-bottom)]"
    >
      {window.type === 'closed' ? (
        <Closed conversation={conversation} account={account} closedAt={window.closedAt} waiting={waiting}>
          {waiting && !again && (
            <Button variant="line" data-composer-focus onClick={choose}>
              {t('template.another')}
            </Button>
          )}
        </Closed>
      ) : (
        <div className="flex items-center gap-1 px-1.5 pt-1.5">
          {onBack && (
            <IconButton
              icon={ArrowLeft}
              label={t('template.back')}
              onClick={onBack}
              className="pointer-coarse:size-11"
            />
          )}
          <h3 className="text-ui font-semibold">{t('template.title')}</h3>
        </div>
      )}
      {(!waiting || again) && (
        <Suspense fallback={<Skeleton className="m-3 h-10" />}>
          <TemplatePicker
            accountId={account.id}
            contactName={contactName}
            onSend={(content, shown) => {
              send({ content, shown, quote: null });
              setAgain(false);
              onBack?.();
            }}
            onEscape={onBack ?? undefined}
          />
        </Suspense>
      )}
    </section>
  );
}

function Closed({
  conversation,
  account,
  closedAt,
  waiting,
  children,
}: {
  conversation: Conversation;
  account: Account;
  closedAt: number | null;
  waiting: boolean;
  children: React.ReactNode;
}) {
  const t = useTranslations('composer.closed');
  const channel = useTranslations('common.channel')(account.channel);
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const name = conversation.kind === 'direct' ? shortName(conversation.title) : conversation.title;
  return (
    <div className="flex items-center gap-3 px-3 pt-3 pb-2">
      <span className="grid size-9 flex-none place-items-center rounded-3 bg-fill text-ink-2">
        <Icon of={waiting ? Hourglass : Lock} size={18} />
      </span>
      <p className="min-w-0 flex-1">
        <b className="block text-ui font-semibold text-pretty">
          {waiting
            ? t('waiting', { name })
            : closedAt === null
              ? t('never', { channel })
              : t('title', { channel, when: format.relativeTime(closedAt, now) })}
        </b>
        <small className="block text-meta text-pretty text-ink-3">
          {t(waiting ? 'waitingHint' : closedAt === null ? 'neverHint' : 'hint', { name })}
        </small>
      </p>
      {children}
    </div>
  );
}
