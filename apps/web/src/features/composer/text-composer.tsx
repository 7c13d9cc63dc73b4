'use client';

import type { Account } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Banner } from '@/components/banner';
import { LinkButton } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { complain } from '@/components/toast';
import { lateComponent } from '@/lib/late-component';
import { useRemembered } from '@/lib/remembered';
import { ColleagueTyping } from './colleague-typing';
import { ComposerBar } from './composer-bar';
import { ComposerMobile } from './composer-mobile';
import { charactersLeft } from './counter';
import { GrowTextarea } from './grow-textarea';
import { MOST_FILES, outgoingFiles, pickable, refusalOf } from './outgoing-files';
import { QuoteStrip } from './quote-strip';
import { sendIntent, sendKeySetting } from './send-key';
import { addToTray, emptyTray, takeFromTray, useTray } from './tray';
import { useDraft, useDrafts, useLiveDraft } from './use-draft';
import { useFileDrop } from './use-file-drop';
import { type Finish, useSend, useSendAndResolve } from './use-send';
import { useTypingSignal } from './use-typing-signal';

const FileTray = lateComponent(() => import('./file-tray').then((module) => module.FileTray));

interface TextComposerProps {
  conversation: Conversation;
  account: Account;
  onResolved: () => void;
  onTemplates: () => void;
}

/** One to ten lines of text, what they answer, the files that go along, and the ways to send them. */
export function TextComposer({ conversation, account, onResolved, onTemplates }: TextComposerProps) {
  const t = useTranslations('composer');
  const { id } = conversation;
  const { capabilities } = account;
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const files = useTray(id);
  const drafts = useDrafts();
  const draft = useLiveDraft(id);
  const saved = useDraft(id);
  const [sendKey] = useRemembered(sendKeySetting);
  const [tooLong, setTooLong] = useState(false);
  const send = useSend(id);
  const signalTyping = useTypingSignal(id, capabilities.typing);
  const { finish, run, dismiss } = useSendAndResolve(conversation, onResolved);

  const text = draft?.text ?? '';
  const quote = (capabilities.quote && draft?.quote) || null;
  const left = charactersLeft(text, capabilities.maxTextLength);

  // A refused "send and resolve" gives the text back, unless something new stands there.
  const refused = finish?.type === 'refused' ? finish.entry : null;
  useEffect(() => {
    if (!refused || !drafts || refused.file) return; // a file stands in the thread, with what can be done
    if (!drafts.live(id)?.text) drafts.edit(id, { text: refused.shown, quote: refused.quote });
    field.current?.focus();
  }, [refused, drafts, id]);

  const attach = (chosen: Iterable<File>) => {
    const over = addToTray(id, chosen);
    if (over > 0) complain(t('files.tooMany', { most: MOST_FILES }));
    field.current?.focus();
  };
  const dropping = useFileDrop(capabilities.files.length > 0 ? attach : null);
  const isRefused = files.some(({ bytes }) => refusalOf(capabilities.files, bytes) !== null);
  const canSend = (text.trim() !== '' || files.length > 0) && !isRefused;

  const submit = (how: 'send' | 'resolve') => {
    const shown = text.trim();
    if (!canSend || finish?.type === 'busy') return;
    if (left !== null && left < 0) {
      setTooLong(true);
      field.current?.focus();
      return;
    }
    const outwards = outgoingFiles(capabilities.files, files, shown, quote);
    const last = outwards.pop();
    if (!last) return;
    drafts?.clear(id);
    emptyTray(id);
    setTooLong(false);
    dismiss();
    for (const outward of outwards) send(outward);
    if (how === 'send') send(last);
    else void run(last);
    field.current?.focus();
  };

  const change = (next: string) => {
    drafts?.edit(id, { text: next });
    if (next.trim()) signalTyping();
  };

  // The same for every key, so that buttons and menus are not drawn anew by each; what they do is what it is when pressed.
  const latest = useRef({ submit, onTemplates });
  useEffect(() => {
    latest.current = { submit, onTemplates };
  });
  const ways = useMemo(
    () => ({
      onSend: () => latest.current.submit('send'),
      onResolve: () => latest.current.submit('resolve'),
      onTemplates: capabilities.templates ? () => latest.current.onTemplates() : null,
      onAttach: capabilities.files.length > 0 ? () => picker.current?.click() : null,
    }),
    [capabilities.templates, capabilities.files.length],
  );
  const bar = {
    account,
    field,
    left,
    savedNow: saved !== null && saved.text === text,
    canSend,
    busy: finish?.type === 'busy',
    ...ways,
  };

  return (
    <form
      aria-label={t('form', { name: conversation.title })}
      onSubmit={(event) => {
        event.preventDefault();
        submit('send');
      }}
      className="flex-none md:mx-4 md:mb-4 max-md:border-t max-md:border-line max-md:pb-[env(safe-area-inset-bottom)]"
    >
      {tooLong && left !== null && left < 0 && (
        <Banner tone="danger" icon={CircleAlert} className="mb-2 max-md:m-2">
          <span role="alert">
            {t('tooLong', { over: -left, channel: account.channel, limit: capabilities.maxTextLength })}
          </span>
        </Banner>
      )}
      <FinishBanner finish={finish} onDismiss={dismiss} />
      <div className="px-4 text-meta not-empty:pt-1 md:hidden">
        <ColleagueTyping conversationId={id} />
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('files.attach')}
        accept={pickable(capabilities.files)}
        onChange={(event) => {
          attach([...(event.target.files ?? [])]);
          event.target.value = ''; // the same file may be chosen again
        }}
      />
      <div
        className={cx(
          'max-md:flex max-md:items-end max-md:gap-0.5 max-md:py-2 max-md:ps-1 max-md:pe-2 md:rounded-4 md:border md:bg-sheet md:focus-within:border-focus',
          dropping ? 'md:border-accent' : 'md:border-line-strong',
        )}
      >
        <ComposerMobile part="plus" {...bar} />
        <div className="min-w-0 max-md:flex-1 max-md:rounded-[22px] max-md:border max-md:border-line-strong max-md:focus-within:border-focus">
          <div className="flex items-center gap-2 px-3 pt-1.5 text-meta text-ink-3 max-md:sr-only">
            <label htmlFor={`composer-${id}`} className="flex h-6 items-center font-medium">
              {t('reply')}
            </label>
            <span className="max-md:hidden">
              <ColleagueTyping conversationId={id} />
            </span>
            <span className="ms-auto inline-flex h-6 min-w-0 items-center gap-[5px] text-ink-2">
              <ChannelMark channel={account.channel} />
              <span className="sr-only">{t('via')}</span>
              <span className="truncate">{account.name}</span>
            </span>
          </div>
          {dropping && <p className="px-3 pt-1 text-ui font-medium text-accent-ink">{t('files.drop')}</p>}
          {files.length > 0 && (
            <Suspense>
              <FileTray files={files} rules={capabilities.files} onRemove={(file) => takeFromTray(id, file)} />
            </Suspense>
          )}
          {quote && <QuoteStrip quote={quote} onRemove={() => drafts?.edit(id, { quote: null })} />}
          <GrowTextarea
            ref={field}
            id={`composer-${id}`}
            data-composer-focus
            dir="auto"
            value={text}
            placeholder={t('placeholder')}
            enterKeyHint={sendKey === 'enter' ? 'send' : 'enter'}
            aria-invalid={left !== null && left < 0 ? true : undefined}
            onChange={(event) => change(event.target.value)}
            onBlur={() => drafts?.flush()}
            onPaste={(event) => {
              const { files: pasted, types } = event.clipboardData;
              if (pasted.length === 0 || types.includes('text/plain') || capabilities.files.length === 0) return;
              event.preventDefault(); // a spreadsheet's cells are words, though a picture of them comes along
              attach([...pasted]);
            }}
            onKeyDown={(event) => {
              const how = sendIntent(
                { ...keyOf(event), isComposing: event.nativeEvent.isComposing },
                sendKey,
                isTouch(),
              );
              if (how) {
                event.preventDefault();
                event.stopPropagation();
                submit(how);
              } else if (event.key === 'Escape' && quote && !event.nativeEvent.isComposing) {
                event.stopPropagation(); // the next one leaves the composer
                drafts?.edit(id, { quote: null });
              }
            }}
            className="block w-full resize-none bg-transparent px-3 pt-2 pb-1 text-body outline-none max-md:px-3.5 max-md:py-2.5 max-md:text-field"
          />
        </div>
        <ComposerBar {...bar} />
        <ComposerMobile part="send" {...bar} />
      </div>
    </form>
  );
}

function FinishBanner({ finish, onDismiss }: { finish: Finish | null; onDismiss: () => void }) {
  const t = useTranslations('composer.finish');
  if (!finish || finish.type === 'busy') return null;
  const reason = finish.type === 'refused' ? finish.entry.reason : null;
  return (
    <Banner
      tone={finish.type === 'waiting' ? 'warn' : 'danger'}
      icon={CircleAlert}
      className="mb-2 max-md:m-2"
      action={<LinkButton onClick={onDismiss}>{t('dismiss')}</LinkButton>}
    >
      <span role="alert">{t(finish.type, { reason: reason ?? '' })}</span>
    </Banner>
  );
}

function keyOf({ key, shiftKey, ctrlKey, metaKey, altKey, keyCode }: React.KeyboardEvent) {
  return { key, shiftKey, ctrlKey, metaKey, altKey, keyCode };
}

function isTouch(): boolean {
  return window.matchMedia('(pointer: coarse)').matches;
}
