'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useDrafts } from '@/features/composer/use-draft';
import { ListSkeleton } from '@/features/conversations/list-states';
import { RowLink } from '@/features/conversations/row-link';
import { useRowFacts } from '@/features/conversations/use-row-facts';
import { typing } from '@/lib/realtime/typing';
import { ana, hoursFromNow, labelled, sampleConversation, sampleId } from './sample-world';
import { Caption, Section } from './section';

type RowWords =
  | 'default'
  | 'hover'
  | 'selected'
  | 'focus'
  | 'unread'
  | 'draft'
  | 'sent'
  | 'failed'
  | 'typing'
  | 'closing'
  | 'closingSoon'
  | 'closed'
  | 'group'
  | 'label'
  | 'number';

interface RowState {
  words: RowWords;
  conversation: Conversation;
  look?: string;
  selected?: boolean;
}

/** Each state of a row of the list. */
export function RowStates() {
  const t = useTranslations('states.rows');
  const factsOf = useRowFacts();
  const [states] = useState(rowStates);
  const drafts = useDrafts();

  useEffect(() => {
    const of = (words: RowWords) => states.find((state) => state.words === words)?.conversation.id ?? '';
    drafts?.edit(of('draft'), { text: 'Bună, Ionuț! Factura pleacă' });
    drafts?.flush();
    const hear = () =>
      typing.hear({ type: 'typing', conversationId: of('typing'), name: null, memberId: null, typing: true });
    hear();
    const again = setInterval(hear, 10_000);
    return () => clearInterval(again);
  }, [drafts, states]);

  return (
    <Section title={t('title')}>
      <div role="listbox" aria-label={t('title')} className="rounded-4 bg-pane p-1.5 shadow-[0_0_0_1px_var(--line)]">
        {states.map(({ words, conversation, look, selected = false }, index) => (
          <div key={words} role="presentation">
            <Caption>{t(words)}</Caption>
            <div role="presentation" className="relative h-16 max-md:h-[72px]">
              <RowLink
                conversation={conversation}
                factsOf={factsOf}
                search=""
                position={index + 1}
                size={states.length}
                start={0}
                selected={selected}
                active={index === 0}
                showAssignee={words === 'label'}
                className={look}
              />
            </div>
          </div>
        ))}
        <Caption>{t('loading')}</Caption>
        <ListSkeleton />
      </div>
    </Section>
  );
}

function rowStates(): RowState[] {
  const own = { id: sampleId(41), direction: 'outbound', type: 'text', senderName: ana.name } as const;
  return [
    { words: 'default', conversation: sampleConversation() },
    { words: 'hover', conversation: sampleConversation(), look: 'bg-hover' },
    { words: 'selected', conversation: sampleConversation(), selected: true },
    { words: 'focus', conversation: sampleConversation(), look: 'outline-2 -outline-offset-2 outline-focus' },
    { words: 'unread', conversation: sampleConversation({ me: { seen: 0, can: [] } }) },
    { words: 'draft', conversation: sampleConversation() },
    {
      words: 'sent',
      conversation: sampleConversation({
        lastMessage: { ...own, preview: 'Factura este atașată', deliveryStatus: 'read' },
      }),
    },
    {
      words: 'failed',
      conversation: sampleConversation({
        lastMessage: { ...own, preview: 'Factura este atașată', deliveryStatus: 'failed' },
      }),
    },
    { words: 'typing', conversation: sampleConversation() },
    { words: 'closing', conversation: sampleConversation({ window: { closesAt: hoursFromNow(3.4) } }) },
    { words: 'closingSoon', conversation: sampleConversation({ window: { closesAt: hoursFromNow(0.7) } }) },
    { words: 'closed', conversation: sampleConversation({ window: { closesAt: hoursFromNow(-2) } }) },
    {
      words: 'group',
      conversation: sampleConversation({
        kind: 'group',
        contactId: null,
        title: 'Lopes deliveries',
        lastMessage: {
          ...own,
          direction: 'inbound',
          senderName: 'Bia Lopes',
          preview: 'All twelve boxes are here',
          deliveryStatus: null,
        },
      }),
    },
    { words: 'label', conversation: sampleConversation(labelled) },
    { words: 'number', conversation: sampleConversation({ title: '+1 415 555 0142' }, 'Voice message, 0:24') },
  ];
}
