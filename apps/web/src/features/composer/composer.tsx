'use client';

import type { Account } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { accountsQuery } from '@/features/accounts/queries';
import { lateModule } from '@/lib/late-module';
import { patiently } from '@/lib/patiently';
import { isFinal, troubleOf } from './account-trouble';
import { focusComposer } from './composer-desk';
import type { TemplateComposerProps } from './template-composer';
import { TextComposer } from './text-composer';
import { useWindow } from './use-window';

/** Most conversations never need one. */
const templates = lateModule(() => patiently(() => import('./template-composer')));

interface ComposerProps {
  conversation: Conversation;
  /** "Send and resolve" has done both: time for the next. */
  onResolved?: () => void;
}

/** Where one answers: a text, or, once the channel's window has closed, a template in the same place. */
export function Composer({ conversation, onResolved }: ComposerProps) {
  const accounts = useQuery(accountsQuery).data?.items;
  if (!accounts) return <Coming />;
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

const Coming = () => <div className="h-24 flex-none max-md:h-16" />;

interface OpenComposerProps extends Required<ComposerProps> {
  account: Account;
}

function OpenComposer({ conversation, account, onResolved }: OpenComposerProps) {
  const window = useWindow(conversation);
  const [choosing, setChoosing] = useState(false);
  const closed = window.type === 'closed';

  if (closed || choosing) {
    return (
      <LateTemplates
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

function LateTemplates(props: TemplateComposerProps) {
  const here = templates.use();
  useEffect(() => void templates.fetch().catch(() => undefined), []);
  const wasAskedFor = props.onBack !== null;
  // What stood under the cursor went away: the cursor goes to what came.
  useEffect(() => {
    if (here && wasAskedFor && document.activeElement === document.body) focusComposer();
  }, [here, wasAskedFor]);
  return here ? <here.TemplateComposer {...props} /> : <Coming />;
}
