'use client';

import type { Content } from '@parley/contracts/content';
import type { Delivery, Message } from '@parley/contracts/messages';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { DayChip, NewLine } from '@/features/messages/day-chip';
import { HoverBar } from '@/features/messages/hover-bar';
import { MessageBubble } from '@/features/messages/message-bubble';
import { MessageItem } from '@/features/messages/message-item';
import { sampleMessage } from '@/features/messages/sample-message';
import { SystemLine } from '@/features/messages/system-line';
import { type ThreadActions, type ThreadScene, ThreadSceneProvider } from '@/features/messages/thread-context';
import type { ThreadMessage } from '@/features/messages/thread-rows';
import { TimesProvider } from '@/features/messages/times';
import { TypingLine } from '@/features/messages/typing-line';
import { ana, sales, sampleId, samplePictures } from './sample-world';
import { Section } from './section';

const nothing = () => undefined;
const actions: ThreadActions = {
  reply: nothing,
  react: nothing,
  copy: nothing,
  edit: nothing,
  sendAgain: nothing,
  askAgain: nothing,
  fetchFile: () => Promise.resolve(false),
  discard: nothing,
  cancel: nothing,
  jumpTo: nothing,
  view: nothing,
  unreadFrom: nothing,
};
const scene: ThreadScene = { me: { memberId: ana.id, name: ana.name }, group: false, account: sales, actions };

/** Every bubble, and what stands around it. */
export function BubbleStates() {
  const t = useTranslations('states');
  const [{ incoming, outgoing, group, system }] = useState(samples);
  const [albums] = useState(sampleAlbums);
  return (
    <Section title={t('bubbles')}>
      <TimesProvider>
        <ThreadSceneProvider value={scene}>
          <div className="text-center">
            <DayChip>{t('day')}</DayChip>
          </div>
          {incoming.map((message) => (
            <Item key={message.id} message={message} />
          ))}
          <Album messages={albums.theirs} />
          <NewLine>{t('newLine')}</NewLine>
          <Item message={group.late} />
          <SystemLine message={system} />
          <ThreadSceneProvider value={{ ...scene, group: true }}>
            <MessageItem message={group.first} first last={false} latest={false} arriving={false} />
            <MessageItem message={group.second} first={false} last latest={false} arriving={false} />
          </ThreadSceneProvider>
          {outgoing.map((message, index) => (
            <Item key={message.id} message={message} latest={index === outgoing.length - 1} />
          ))}
          <Album messages={albums.ours} />
          <div className="relative ms-auto mt-12 w-fit">
            <MessageBubble message={group.hovered} first last active={false} arriving={false} />
            <HoverBar message={group.hovered} side="end" below={false} onHold={nothing} onDone={nothing} />
          </div>
          <TypingLine name="Marta Oliveira" />
        </ThreadSceneProvider>
      </TimesProvider>
    </Section>
  );
}

function Item({ message, latest = false }: { message: ThreadMessage; latest?: boolean }) {
  return <MessageItem message={message} first last latest={latest} arriving={false} />;
}

function Album({ messages }: { messages: readonly ThreadMessage[] }) {
  const [message] = messages.slice(-1);
  return message && <MessageItem message={message} album={messages} first last latest={false} arriving={false} />;
}

let made = 500;

function message(
  change: Omit<Partial<ThreadMessage>, 'content'> & { content: Message['content'] | string },
): ThreadMessage {
  const { content, ...rest } = change;
  const sentAt = new Date(Date.now() - 600_000).toISOString();
  return {
    ...sampleMessage({
      id: sampleId((made += 1)),
      sentAt,
      ...rest,
      content: typeof content === 'string' ? { type: 'text', text: content } : content,
    }),
    local: rest.local,
  };
}

function ours(text: string, delivery: Partial<Delivery> | null, change: Partial<ThreadMessage> = {}): ThreadMessage {
  const whole: Delivery = {
    status: 'sent',
    reason: null,
    detail: null,
    at: new Date().toISOString(),
    canRetry: false,
    canCheck: false,
  };
  return message({
    direction: 'outbound',
    origin: 'agent',
    sender: { contactId: null, memberId: ana.id, name: ana.name },
    delivery: delivery && { ...whole, ...delivery },
    ...change,
    content: change.content ?? text,
  });
}

function media(
  kind: 'image' | 'video' | 'voice' | 'document' | 'sticker',
  change: Partial<Extract<Content, { type: 'media' }>> = {},
) {
  const none = {
    mimeType: null,
    fileName: null,
    sizeBytes: null,
    durationMs: null,
    width: null,
    height: null,
    caption: null,
  };
  return { type: 'media' as const, kind, ...none, ...change };
}

function fileThat(state: 'pending' | 'failed') {
  const detail = state === 'failed' ? 'The provider has this file no more.' : null;
  return { id: sampleId(60), state, suspicious: false, detail };
}

/** Seven of theirs, and of ours five that fare differently. */
function sampleAlbums() {
  const photo = (index: number, caption: string | null = null) =>
    media('image', {
      caption,
      file: {
        id: samplePictures[index % samplePictures.length]?.id ?? '',
        state: 'ready',
        suspicious: false,
        detail: null,
      },
    });
  const reactions = [{ emoji: '👍', by: ana.name, own: true }];
  const detail = 'This number is not on WhatsApp. Check it or call.';
  return {
    theirs: [1, 2, 3, 4, 5, 6, 7].map((nth) =>
      message({ content: photo(nth, nth === 1 ? 'Seven photos' : null), reactions: nth === 7 ? reactions : [] }),
    ),
    ours: [
      ours('', { status: 'read' }, { content: photo(1) }),
      ours('', { status: 'failed', detail, canRetry: true }, { content: photo(2) }),
      ours('', { status: 'unknown', canCheck: true, canRetry: true }, { content: photo(3) }),
      ours('', { status: 'queued' }, { content: photo(4) }),
      ours('', { status: 'sent' }, { content: { ...photo(5), kind: 'video', file: fileThat('pending') } }),
    ],
  };
}

function samples() {
  const bia = { contactId: sampleId(31), memberId: null, name: 'Bia Lopes' };
  const nobody = { contactId: null, memberId: null, name: null };
  const thumbs = [
    { emoji: '👍', by: ana.name, own: true },
    { emoji: '👍', by: 'Rui Costa', own: false },
    { emoji: '❤️', by: 'Bia Lopes', own: false },
  ];
  return {
    incoming: [
      message({ content: 'Their text, up to 70 characters a line. Links are acme.test/returns.' }),
      message({ content: '*Bold*, _italic_, ~gone~, `code` and ```mono```, as people write them.' }),
      message({ content: '> Is the shop open?\n> And on Sunday?\nYes, and yes.' }),
      message({
        content: 'Yes, same address',
        quote: { messageId: sampleId(50), author: 'Rui Costa', text: 'Is *Rua das Flores 18* still right?' },
      }),
      message({ content: 'Quote whose source is missing', quote: { messageId: null, author: null, text: null } }),
      message({ content: 'The invoice from June', forwarded: true }),
      message({ content: 'We need 14, not 12 boxes', editedAt: new Date().toISOString() }),
      message({ content: 'Sorry, wrong chat', deletedAt: new Date().toISOString(), sender: bia }),
      message({ content: '😀🎉' }),
      message({
        content: media('image', { sizeBytes: 312_000, caption: 'Hi! The grinder came today' }),
        reactions: thumbs,
      }),
      message({ content: media('video', { sizeBytes: 8_300_000, durationMs: 74_000 }) }),
      message({ content: media('voice', { durationMs: 24_000 }) }),
      message({
        content: media('document', {
          fileName: 'Price list, November.xlsx',
          sizeBytes: 84_000,
          mimeType: 'application/vnd.ms-excel',
        }),
      }),
      message({ content: media('sticker') }),
      message({ content: media('image', { sizeBytes: 312_000, width: 1200, height: 900, file: fileThat('pending') }) }),
      message({ content: media('voice', { durationMs: 24_000, file: fileThat('pending') }) }),
      message({ content: media('video', { width: 720, height: 1280, file: fileThat('failed') }), can: ['fetch'] }),
      message({
        content: media('document', {
          fileName: 'Contract, signed.pdf',
          file: fileThat('failed'),
          caption: 'All pages',
        }),
        can: ['fetch'],
      }),
      message({
        content: {
          type: 'location',
          latitude: 41.1456,
          longitude: -8.6123,
          name: 'Café Aurora',
          address: 'Rua das Flores 18, Porto',
          live: false,
        },
      }),
      message({
        content: {
          type: 'contacts',
          contacts: [
            { name: 'Bia Lopes', phones: ['+351 555 0188'], emails: [], organisation: null },
            {
              name: 'Ken Mori',
              phones: ['+351 555 0190', '+351 555 0191'],
              emails: ['ken@acme.test'],
              organisation: 'Acme',
            },
          ],
        },
      }),
      message({ content: { type: 'choice', id: null, text: 'Tomorrow, 10:00', description: 'Pickup at the shop' } }),
      message({
        content: { type: 'poll', question: 'Which day suits you?', options: ['Thursday', 'Friday'], selectable: 1 },
      }),
      message({
        content: {
          type: 'poll',
          question: 'Soup or rice on Friday?',
          options: ['Soup', 'Rice', 'Neither'],
          selectable: 1,
          votes: [
            { option: 'Soup', count: 2 },
            { option: 'Rice', count: 5 },
            { option: 'Neither', count: 0 },
          ],
        },
      }),
      message({
        content: {
          type: 'order',
          text: null,
          items: [{ product: 'Grinder G2', quantity: 2, price: 129.5, currency: 'EUR' }],
        },
      }),
      message({ content: { type: 'call', video: false, outcome: 'missed' } }),
      message({ content: { type: 'unsupported', kind: 'event invitation' } }),
      message({ content: { type: 'unreadable' } }),
      message({ content: 'هل يمكنني الحصول على *فاتورة* الطلب رقم 4521؟' }),
    ],
    system: message({
      direction: 'system',
      sender: nobody,
      content: { type: 'system', event: 'participants_added', by: 'Bia Lopes', to: ['Ken Mori'] },
    }),
    group: {
      late: message({ content: 'Arrived late, put where it belongs', late: true }),
      first: message({ content: 'All twelve boxes are here', sender: bia }),
      second: message({ content: 'In a group: small avatar, name in its tint', sender: bia }),
      hovered: ours('Hover bar, above the bubble', { status: 'read' }),
    },
    outgoing: [
      ours('Waiting to leave', null, { local: { state: 'waiting', reason: null } }),
      ours('', null, {
        content: media('image', { width: 1200, height: 900, caption: 'The new grinder' }),
        local: { state: 'waiting', reason: null },
      }),
      ours('', null, {
        content: media('document', { fileName: 'Price list.pdf', sizeBytes: 84_000, mimeType: 'application/pdf' }),
        local: { state: 'waiting', reason: null },
      }),
      ours('', null, {
        content: media('document', { fileName: 'Contract.pdf', sizeBytes: 84_000, mimeType: 'application/pdf' }),
        local: { state: 'refused', reason: 'The file is not in this browser any more. Attach it again.' },
      }),
      ours('Waiting at the provider', {
        status: 'queued',
        detail: 'The account is paused. This goes out when sending goes on.',
      }),
      ours('Sent', { status: 'sent' }),
      ours('Delivered', { status: 'delivered' }),
      ours(
        'A colleague wrote this',
        { status: 'read' },
        { sender: { contactId: null, memberId: sampleId(2), name: 'Rui Costa' } },
      ),
      ours(
        '',
        { status: 'delivered' },
        {
          content: {
            type: 'template',
            name: 'order_ready',
            language: 'en',
            parameters: [],
            text: 'Hi Hassan, your order 4521 is ready.',
          },
        },
      ),
      ours('Typed on the phone itself', { status: 'delivered' }, { origin: 'phone', sender: nobody }),
      ours('From another program', { status: 'delivered' }, { origin: 'elsewhere', sender: nobody }),
      ours('Sent, or perhaps not', { status: 'unknown', canCheck: true, canRetry: true }),
      ours('Refused by the provider', {
        status: 'failed',
        detail: 'This number is not on WhatsApp. Check it or call.',
      }),
      ours('Refused on the way', null, {
        local: { state: 'refused', reason: 'WhatsApp closed free replies. Send a template.' },
      }),
      ours('Read, heavier and blue', { status: 'read' }),
    ],
  };
}
