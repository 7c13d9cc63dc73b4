'use client';

import type { Account } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Banner } from '@/components/banner';
import { ChannelMark } from '@/components/channel-mark';
import { CorrelationId } from '@/components/correlation-id';
import { cx } from '@/components/cx';
import { Dialog } from '@/components/dialog';
import { Field, fieldClass } from '@/components/field';
import { useAccounts } from '@/features/accounts/queries';
import { uuidV7 } from '@/lib/uuid-v7';
import { openConversation } from '@/features/shell/use-open-conversation';
import { ApiError } from '@parley/client/api-error';
import { call } from '@/lib/api';
import { focusComposerSoon } from '@/lib/keyboard/panes';
import { routes } from '@/lib/routes';
import { Opening } from './opening';
import { normalised } from './phone-number';

/** Writes to somebody first: from which account, to which number, and what. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const words = useTranslations('list.new');
  const accounts = useAccounts().filter(canBegin);
  const [chosen, setChosen] = useState<string | null>(null);
  const [to, setTo] = useState('');
  const [checked, setChecked] = useState(false);
  const [messageId] = useState(() => uuidV7()); // pressing twice is still one message
  const account = accounts.find(({ id }) => id === chosen) ?? accounts[0];
  const number = normalised(to);

  const start = useMutation({
    mutationFn: (content: OutboundContent) => {
      if (!account || number === null) throw new Error(words('toError'));
      return call(routes.startConversation, { body: { messageId, accountId: account.id, to: number, content } });
    },
    onSuccess: ({ body }) => {
      onClose();
      openConversation(body.conversationId);
      focusComposerSoon(body.conversationId);
    },
  });
  const send = (content: OutboundContent) => {
    setChecked(true);
    if (number !== null) start.mutate(content);
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={words('title')} wide>
      {account ? (
        <div className="grid gap-4 pb-1">
          {start.error && <Refused error={start.error} />}
          <AccountField accounts={accounts} account={account} onChange={setChosen} />
          <Field
            label={words('to')}
            type="tel"
            inputMode="tel"
            autoComplete="off"
            autoFocus
            dir="ltr"
            value={to}
            hint={words('toHint')}
            error={checked && number === null ? words('toError') : null}
            onChange={(event) => setTo(event.target.value)}
            onBlur={() => setChecked(to !== '')}
          />
          <Opening key={account.id} account={account} pending={start.isPending} onSend={send} />
        </div>
      ) : (
        <p className="pb-2 text-ink-2">{words('noAccount')}</p>
      )}
    </Dialog>
  );
}

function AccountField({
  accounts,
  account,
  onChange,
}: {
  accounts: Account[];
  account: Account;
  onChange: (id: string) => void;
}) {
  const words = useTranslations('list.new');
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {words('account')}
      </label>
      <div className={cx(fieldClass, 'h-10 px-3')}>
        <ChannelMark channel={account.channel} />
        <select
          id={id}
          value={account.id}
          onChange={(event) => onChange(event.target.value)}
          className="min-w-0 flex-1 bg-sheet text-body outline-none pointer-coarse:text-field"
        >
          {accounts.map((each) => (
            <option key={each.id} value={each.id}>
              {each.address ? `${each.name} · ${each.address}` : each.name}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Refused({ error }: { error: Error }) {
  const words = useTranslations('list.new');
  const taken = error instanceof ApiError && error.code === 'conversation_taken';
  return (
    <div role="alert">
      <Banner tone={taken ? 'warn' : 'danger'} icon={CircleAlert}>
        {taken ? words('taken') : error.message}{' '}
        <CorrelationId id={error instanceof ApiError ? error.correlationId : null} />
      </Banner>
    </div>
  );
}

/** Those that may write first, and whose sends would go out by themselves sooner or later. */
function canBegin({ capabilities, state }: Account): boolean {
  return capabilities.writeFirst && state !== 'deleted' && state !== 'needs_reauth' && state !== 'restricted';
}
