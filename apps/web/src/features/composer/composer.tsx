'use client';

import type { Account } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { accountsQuery } from '@/features/accounts/queries';
import { isFinal, troubleOf } from './account-trouble';
import { focusComposer } from './composer-desk';
import { TemplateComposer } from './template-composer';
import { TextComposer } from './text-composer';
import { useWindow } from './use-window';

interface ComposerProps {
  conversation: Conversation;
  /** "Send and resolve" has done both: time for the next. */
  onResolved?: () => void;
}

/** Where one answers: a text, or, once the channel's window has closed, a template in the same place. */
export function Composer({ conversation, onResolved }: ComposerProps) {
  const accounts = useQuery(accountsQuery).data?.items;
  if (!accounts) return <div className="h-24 flex-none max-md:h-16" />;
  const account = accounts.find(({ id }) => id === conversation.accountId);
  if (!account || isFinal(troubleOf(account))) return null; // the banner says why
  return (
    <OpenComposer
      key={conversation.id}
      conversation={conversation}
      account={account}
      onResolved={onResolved ?? (() => undefined)}
    />
  );
}

interface OpenComposerProps extends Required<ComposerProps> {
  account: Account;
}

function OpenComposer({ conversation, account, onResolved }: OpenComposerProps) {
  const window = useWindow(conversation);
  const [choosing, setChoosing] = useState(false);
  const closed = window.type === 'closed';

  // What stood under the cursor went away: the cursor goes to what came.
  useEffect(() => {
    if (document.activeElement === document.body && choosing) focusComposer();
  }, [choosing]);

  if (closed || choosing) {
    return (
      <TemplateComposer
        conversation={conversation}
        account={account}
        window={window}
        onBack={closed ? null : () => (setChoosing(false), focusComposer())}
      />
    );
  }
  return (
    <TextComposer
      conversation={conversation}
      account={account}
      onResolved={onResolved}
      onTemplates={() => (setChoosing(true), focusComposer())}
    />
  );
}
