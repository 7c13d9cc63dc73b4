'use client';

import type { AccountSettings } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/banner';
import { buttonClass } from '@/components/button';
import { Field } from '@/components/field';
import { Icon } from '@/components/icon';
import { Tick } from '@/components/tick';
import { Opening } from '@/features/conversations/opening';
import { normalised } from '@/features/conversations/phone-number';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { uuidV7 } from '@/lib/uuid-v7';
import { RefusalBanner } from './refusal-banner';

/** Shows that it works: a message out, and how far it got. */
export function TestStep({ account }: { account: AccountSettings }) {
  const words = useTranslations('accounts.test');
  return (
    <>
      {account.state === 'connected' ? (
        <p className="flex items-center gap-2.5 text-body font-medium">
          <Icon of={Check} className="text-ok-ink" /> {words('connected', { name: account.name })}
        </p>
      ) : (
        <Banner tone="warn" icon={TriangleAlert}>
          {account.stateDetail ? words('notYet', { detail: account.stateDetail }) : words('notYetPlain')}
        </Banner>
      )}
      {account.capabilities.writeFirst ? (
        <TestMessage account={account} />
      ) : (
        <p className="max-w-[64ch] text-pretty text-ink-2">{words('invite')}</p>
      )}
    </>
  );
}

function TestMessage({ account }: { account: AccountSettings }) {
  const words = useTranslations('accounts');
  const [to, setTo] = useState('');
  const [tried, setTried] = useState(false);
  const [messageId] = useState(() => uuidV7()); // pressing twice is still one message
  const number = normalised(to);
  const send = useMutation({
    mutationFn: async ({ phone, content }: { phone: string; content: OutboundContent }) =>
      (await call(routes.startConversation, { body: { messageId, accountId: account.id, to: phone, content } })).body,
  });
  if (send.data) return <HowFar {...send.data} />;
  return (
    <section aria-label={words('test.title')} className="grid gap-3">
      <div>
        <h3 className="text-heading">{words('test.title')}</h3>
        <p className="text-ink-2">{words('test.lead')}</p>
      </div>
      {send.error && <RefusalBanner error={send.error} />}
      <Field
        label={words('scan.phone')}
        hint={words('scan.phoneHint')}
        error={tried && number === null ? words('scan.phoneError') : null}
        type="tel"
        inputMode="tel"
        autoComplete="off"
        dir="ltr"
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      <Opening
        account={account}
        pending={send.isPending}
        onSend={(content) => {
          setTried(true);
          if (number !== null) send.mutate({ phone: number, content });
        }}
      />
    </section>
  );
}

const FINAL: readonly string[] = ['failed', 'delivered', 'read'];
const LOOK_MS = 1_000;

function HowFar({ conversationId, messageId }: { conversationId: string; messageId: string }) {
  const words = useTranslations('accounts.test');
  const ticks = useTranslations('common.tick');
  const sent = useQuery({
    queryKey: ['test-message', messageId],
    queryFn: async ({ signal }) => {
      const query = { around: messageId, limit: 1 };
      const { body } = await call(routes.listMessages, { params: { id: conversationId }, query, signal });
      return body.items.find(({ id }) => id === messageId)?.delivery ?? null;
    },
    refetchInterval: ({ state }) => (FINAL.includes(state.data?.status ?? '') ? false : LOOK_MS),
  });
  const status = sent.data?.status ?? 'queued';
  return (
    <section className="grid justify-items-start gap-3">
      <p role="status" className="flex items-center gap-2">
        <Tick status={status} label={ticks(status)} /> {words('status', { status })}
      </p>
      {sent.data?.detail && <p className="max-w-[64ch] text-pretty text-danger-ink">{sent.data.detail}</p>}
      <a href={`/inbox/${conversationId}`} className={buttonClass('line')}>
        {words('open')}
      </a>
    </section>
  );
}
