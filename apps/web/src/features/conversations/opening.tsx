'use client';

import type { Account } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { TemplatePicker } from '@/features/composer/template-picker';

/** The first words: free, or a template where the channel takes nothing else from us. */
export function Opening({
  account,
  pending,
  onSend,
}: {
  account: Account;
  pending: boolean;
  onSend: (content: OutboundContent) => void;
}) {
  const words = useTranslations('list.new');
  const id = useId();
  const [text, setText] = useState('');
  if (account.capabilities.windowHours !== null) {
    return (
      <section aria-label={words('template')} className="grid gap-2">
        <p className="text-ink-2">{words('needsTemplate', { account: account.name })}</p>
        <div
          className={cx('rounded-4 border border-line', pending && 'pointer-events-none opacity-50')}
          aria-busy={pending}
        >
          <TemplatePicker accountId={account.id} onSend={onSend} />
        </div>
      </section>
    );
  }
  return (
    <form
      className="grid gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        onSend({ type: 'text', text });
      }}
    >
      <label htmlFor={id} className="font-medium">
        {words('text')}
      </label>
      <textarea
        id={id}
        rows={4}
        required
        dir="auto"
        maxLength={account.capabilities.maxTextLength}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className={cx(
          fieldClass,
          'resize-none px-3 py-2 text-body outline-none pointer-coarse:text-field focus-visible:border-focus focus-visible:shadow-[0_0_0_1px_var(--focus)]',
        )}
      />
      <Button
        type="submit"
        variant="primary"
        className="mt-2 justify-self-end"
        disabled={pending || text.trim() === ''}
      >
        {words(pending ? 'sending' : 'send')}
      </Button>
    </form>
  );
}
