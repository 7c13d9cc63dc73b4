'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { Avatar } from '@/components/avatar';
import { Count } from '@/components/count';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { LabelMark } from '@/components/label-mark';
import { Tick } from '@/components/tick';
import { TypingDots } from '@/components/typing-dots';
import { useDraft } from '@/features/composer/use-draft';
import { WindowChip } from '@/features/composer/window-chip';
import { useTyping } from '@/lib/realtime/typing';
import { kindOf, previewIcon } from './preview-icon';
import type { RowFacts } from './use-row-facts';
import { unreadOf } from '@/lib/contract-values';

interface ConversationRowProps extends RowFacts {
  conversation: Conversation;
  selected: boolean;
}

/** One conversation in the list: who, when, and what was said last. Two lines of fixed height. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, channel, label, time, assignee, selected } = props;
  const words = useTranslations();
  const unread = unreadOf(conversation);
  return (
    <>
      <Avatar
        id={conversation.contactId ?? conversation.id}
        name={conversation.title}
        size="row"
        group={conversation.kind === 'group'}
        channel={channel}
        ring={cx('max-md:border-sheet', selected ? 'border-accent-soft max-md:border-accent-soft' : 'border-pane')}
      />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="flex h-5 min-w-0 items-center gap-1.5">
          <span
            className={cx('min-w-16 truncate text-body max-md:text-touch', unread > 0 ? 'font-unread' : 'font-medium')}
            title={conversation.title.length > 24 ? conversation.title : undefined}
            dir="auto"
          >
            {conversation.title}
          </span>
          {channel && <span className="sr-only">, {words(`common.channel.${channel}`)},</span>}
          {label && <LabelMark name={label.name} hue={label.hue} size="micro" className="shrink-[100]" />}
          <time
            dateTime={conversation.lastMessageAt}
            className={cx(
              'num ms-auto flex-none ps-1.5 text-meta',
              unread > 0 ? 'font-medium text-accent-ink' : 'text-ink-3',
            )}
          >
            {time}
          </time>
        </span>
        <span className="flex h-5 min-w-0 items-center gap-1.5">
          <Preview {...props} unread={unread} />
          {assignee && (
            <>
              <Avatar id={assignee.id} name={assignee.name} size={18} />
              <span className="sr-only">{words('list.with', { name: assignee.name })}</span>
            </>
          )}
          <WindowChip conversation={conversation} small />
          <Count value={unread} label={words('common.unread', { count: unread })} />
        </span>
      </span>
    </>
  );
});

function Preview({ conversation, ownName, unread }: ConversationRowProps & { unread: number }) {
  const words = useTranslations();
  const typing = useTyping(conversation.id).some((typist) => typist.memberId === null);
  const draft = useDraft(conversation.id);
  const { lastMessage } = conversation;
  const line = 'flex min-w-0 flex-1 items-center gap-1 max-md:text-body';
  const ground = cx(line, unread > 0 ? 'font-medium text-ink' : 'text-ink-2');

  if (typing) {
    return (
      <span className={cx(line, 'text-accent-ink')}>
        <TypingDots />
        {words('list.typing')}
      </span>
    );
  }
  if (draft?.text) {
    return (
      <span className={ground}>
        <span className="flex-none font-medium text-warn-ink">{words('list.draft')}</span>
        <span className="truncate" dir="auto">
          {draft.text}
        </span>
      </span>
    );
  }
  if (!lastMessage) return <span className={cx(line, 'text-ink-3')}>{words('list.nothingYet')}</span>;
  const icon = previewIcon(lastMessage.type);
  const failed = lastMessage.deliveryStatus === 'failed';
  return (
    <span className={ground} title={lastMessage.preview.length > 40 ? lastMessage.preview : undefined}>
      {failed && (
        <>
          <Icon of={CircleAlert} size={14} className="text-danger-ink" />
          <span className="flex-none font-medium text-danger-ink">{words('list.notSent')}</span>
        </>
      )}
      {!failed && lastMessage.deliveryStatus && (
        <Tick status={lastMessage.deliveryStatus} label={words(`common.tick.${lastMessage.deliveryStatus}`)} />
      )}
      {icon && <Icon of={icon} size={14} className="text-ink-3" />}
      <span className="truncate">
        <Sender conversation={conversation} ownName={ownName} />
        <bdi>{lastMessage.preview || words(`list.kind.${kindOf(lastMessage.type)}`)}</bdi>
      </span>
    </span>
  );
}

/** "You:", a colleague, or who of a group. In a talk of two the other one needs no name. */
function Sender({ conversation, ownName }: { conversation: Conversation; ownName: string }) {
  const words = useTranslations('list');
  const { lastMessage, kind } = conversation;
  if (!lastMessage || lastMessage.direction === 'system' || lastMessage.deliveryStatus === 'failed') return null;
  const outbound = lastMessage.direction !== 'inbound';
  const { senderName } = lastMessage;
  if (!outbound && kind === 'direct') return null;
  if (senderName === null) return null;
  const name = outbound && senderName === ownName ? words('you') : (senderName.split(' ')[0] ?? senderName);
  return <span className="font-normal text-ink-3">{words('sender', { name })} </span>;
}
