'use client';

import type { Conversation, ConversationDetails } from '@parley/contracts/conversations';
import {
  Check,
  ChevronDown,
  ChevronLeft,
  Clock,
  Ellipsis,
  MailOpen,
  PanelRight,
  RotateCcw,
  Tag,
  UserRoundPlus,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { LabelMark } from '@/components/label-mark';
import { Menu, MenuItem, MenuLine } from '@/components/menu';
import { Tooltip } from '@/components/tooltip';
import { useAccount } from '@/features/accounts/queries';
import { WindowChip } from '@/features/composer/window-chip';
import { HoursChip } from '@/features/hours/hours-chip';
import { useLabels } from '@/features/labels/queries';
import { useMay, useMe } from '@/features/session/queries';
import { openConversation } from '@/features/shell/use-open-conversation';
import { useShortcuts } from '@/lib/keyboard/use-shortcuts';
import { useMediaQuery } from '@/lib/use-media-query';
import { useTyping } from '@/lib/realtime/typing';
import { useConversationActions } from './actions';
import { AssigneeName, AssigneePicker } from './assignee-picker';
import { LabelPicker } from './label-picker';

interface ThreadHeaderProps {
  conversation: ConversationDetails;
  panelOpen: boolean;
  onPanel: () => void;
  /** Resolved from here, with the wish to go on to whoever waits next. */
  onResolved: () => void;
}

/** Who this is, where they write, who has it, and what one does with it. Words give way to icons as room runs out. */
export function ThreadHeader({ conversation, panelOpen, onPanel, onResolved }: ThreadHeaderProps) {
  const words = useTranslations('conversation');
  const me = useMe();
  const mayWrite = useMay('inbox.write');
  const mayAssign = useMay('inbox.assign');
  const actions = useConversationActions();
  const [asked, setAsked] = useState<{ of: string; what: 'assignee' | 'labels' } | null>(null);
  const isPhone = useMediaQuery('(width < 768px)');
  const moreButton = useRef<HTMLButtonElement>(null);
  // The header stays while conversations change under it; what was being picked does not.
  const picking = asked?.of === conversation.id ? asked.what : null;
  const setPicking = (what: 'assignee' | 'labels' | null) => setAsked(what && { of: conversation.id, what });
  const resolved = conversation.status === 'resolved';
  const setStatus = (status: Conversation['status']) => actions.setStatus(conversation, status);
  const toggle = () => void setStatus(resolved ? 'open' : 'resolved');
  const takeIt = () =>
    void (me?.memberId && conversation.assigneeId !== me.memberId && actions.assign(conversation, me.memberId));

  useShortcuts({
    resolve: mayWrite ? toggle : undefined,
    resolveAndNext: mayWrite
      ? () => void (resolved ? onResolved() : setStatus('resolved').then((done) => done && onResolved()))
      : undefined,
    assign: mayAssign ? () => setPicking('assignee') : undefined,
    assignToMe: mayAssign ? takeIt : undefined,
    label: mayWrite ? () => setPicking('labels') : undefined,
    unread: () => void actions.unread(conversation),
    panel: onPanel,
  });

  const more = (
    <Menu
      align="end"
      trigger={
        <IconButton
          ref={moreButton}
          icon={Ellipsis}
          label={words('more')}
          className="max-md:size-11 max-md:[&_svg]:size-5"
        />
      }
    >
      {mayAssign && (
        <MenuItem
          icon={UserRoundPlus}
          shortcut="I"
          onSelect={takeIt}
          disabled={conversation.assigneeId === me?.memberId}
        >
          {words('assignToMe')}
        </MenuItem>
      )}
      {mayWrite && (
        <MenuItem icon={Tag} shortcut="L" onSelect={() => setPicking('labels')}>
          {words('editLabels')}
        </MenuItem>
      )}
      <MenuItem
        icon={MailOpen}
        shortcut="U"
        onSelect={() => void actions.unread(conversation)}
        disabled={conversation.received === 0}
      >
        {words('markUnread')}
      </MenuItem>
      {mayWrite && (
        <>
          <MenuLine />
          {conversation.status !== 'pending' && (
            <MenuItem icon={Clock} onSelect={() => void setStatus('pending')}>
              {words('pending')}
            </MenuItem>
          )}
          {conversation.status === 'pending' && (
            <MenuItem icon={RotateCcw} onSelect={() => void setStatus('open')}>
              {words('open')}
            </MenuItem>
          )}
        </>
      )}
    </Menu>
  );

  // On a phone it stands in the strip below, with the name in full.
  const assignee = (phone: boolean) => (
    <AssigneePicker
      conversation={conversation}
      open={picking === 'assignee' && isPhone === phone}
      onOpenChange={(open) => setPicking(open ? 'assignee' : null)}
      trigger={
        <Button
          variant={phone ? 'ghost' : 'line'}
          disabled={!mayAssign}
          className={cx('max-w-[168px] px-2', phone && '-me-2')}
        >
          <span className="sr-only">{words('assignee')}:</span>
          <AssigneeName conversation={conversation} compact={!phone} />
          <Icon of={ChevronDown} size={12} className={cx('text-ink-3', !phone && '@max-[640px]/thread:hidden')} />
        </Button>
      }
    />
  );

  return (
    <>
      <header className="flex h-14 flex-none items-center gap-2.5 border-b border-line pe-1.5 ps-1 md:pe-2.5 md:ps-5">
        <IconButton
          icon={ChevronLeft}
          iconSize={24}
          size={44}
          label={words('back')}
          className="-me-2 md:hidden rtl:-scale-x-100"
          onClick={() => openConversation(null)}
        />
        <WhoAndWhere conversation={conversation} heading={isPhone ? 'h1' : 'h2'} onPanel={onPanel} />
        <span className="flex gap-2 max-md:hidden">
          <HoursChip />
          <WindowChip conversation={conversation} />
        </span>
        <div className="flex flex-none items-center gap-2 max-md:hidden">{assignee(false)}</div>
        {mayWrite && (
          <Tooltip text={words(resolved ? 'reopen' : 'resolve')} shortcut="E">
            <Button
              variant="line"
              onClick={toggle}
              className="max-md:size-11 max-md:!bg-transparent max-md:px-0 max-md:!shadow-none max-md:[&_svg]:size-5 @max-[640px]/thread:px-2"
            >
              <Icon of={resolved ? RotateCcw : Check} className="text-ink-2" />
              <span className="max-md:sr-only @max-[640px]/thread:sr-only">
                {words(resolved ? 'reopen' : 'resolve')}
              </span>
            </Button>
          </Tooltip>
        )}
        <LabelPicker
          conversation={conversation}
          open={picking === 'labels'}
          onOpenChange={(open) => setPicking(open ? 'labels' : null)}
          anchor={moreButton}
        />
        {more}
        <IconButton
          icon={PanelRight}
          label={words('details')}
          shortcut="]"
          on={panelOpen}
          className="max-md:hidden"
          onClick={onPanel}
        />
      </header>
      <div className="flex h-10 flex-none items-center gap-2.5 overflow-hidden border-b border-line px-4 text-meta text-ink-2 md:hidden">
        <HoursChip />
        <WindowChip conversation={conversation} />
        <LabelsOf conversation={conversation} />
        <span className="flex-1" />
        {assignee(true)}
      </div>
    </>
  );
}

interface WhoAndWhereProps {
  conversation: ConversationDetails;
  heading: 'h1' | 'h2';
  onPanel: () => void;
}

function WhoAndWhere({ conversation, heading: Heading, onPanel }: WhoAndWhereProps) {
  const words = useTranslations();
  const account = useAccount(conversation.accountId);
  const typing = useTyping(conversation.id).some((typist) => typist.memberId === null);
  const where = account
    ? words('conversation.on', { channel: words(`common.channel.${account.channel}`), account: account.name })
    : words('conversation.deletedAccount');
  return (
    <>
      <Avatar
        id={conversation.contactId ?? conversation.id}
        name={conversation.title}
        size={32}
        group={conversation.kind === 'group'}
        channel={account?.channel}
        ring="border-sheet"
      />
      <div className="relative min-w-0 flex-1">
        <Heading className="truncate text-body font-semibold max-md:text-touch" title={conversation.title} dir="auto">
          {conversation.title}
        </Heading>
        <p className="truncate text-meta text-ink-3">
          {typing ? <span className="text-accent-ink md:hidden">{words('conversation.typing')}</span> : null}
          <span className={typing ? 'max-md:hidden' : undefined}>{where}</span>
        </p>
        {/* On a phone the name leads to the details. */}
        <button
          type="button"
          aria-label={words('conversation.details')}
          onClick={onPanel}
          className="absolute inset-0 rounded-2 md:hidden"
        />
      </div>
    </>
  );
}

/** Its labels in a line. */
export function LabelsOf({ conversation }: { conversation: Conversation }) {
  const labels = useLabels().filter(({ id }) => conversation.labelIds.includes(id));
  return labels.map(({ id, name, hue }) => <LabelMark key={id} name={name} hue={hue} />);
}
