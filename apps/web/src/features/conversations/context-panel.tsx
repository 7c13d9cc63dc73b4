'use client';

import type { ConversationDetails } from '@parley/contracts/conversations';
import { AtSign, Check, Copy, Fingerprint, Plus, X } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { LinkButton } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { IconButton } from '@/components/icon-button';
import { Skeleton } from '@/components/skeleton';
import { useAccount } from '@/features/accounts/queries';
import { useMay } from '@/features/session/queries';
import { useTeams } from '@/features/teams/queries';
import { copyText } from '@/lib/copy-text';
import { AssigneeName, AssigneePicker } from './assignee-picker';
import { ContactName } from './contact-name';
import { LabelPicker } from './label-picker';
import { LabelsOf } from './thread-header';

interface ContextPanelProps {
  conversation: ConversationDetails;
  /** Its contact is still on the way. */
  partial: boolean;
  onClose?: () => void;
}

/** What is known of whom one talks to. Values change where they stand. */
export function ContextPanel({ conversation, partial, onClose }: ContextPanelProps) {
  const words = useTranslations('conversation.panel');
  return (
    <aside
      data-pane="context"
      aria-label={words('label')}
      className="flex h-full min-h-0 w-full min-w-0 flex-col overflow-y-auto bg-pane"
    >
      <div className="flex items-center gap-3 px-4 pt-4 pb-3.5">
        <Avatar
          id={conversation.contactId ?? conversation.id}
          name={conversation.title}
          size={56}
          group={conversation.kind === 'group'}
        />
        <div className="min-w-0 flex-1">
          <ContactName key={conversation.id} conversation={conversation} />
          <Kind conversation={conversation} />
        </div>
        {onClose && (
          <IconButton icon={X} label={words('close')} className="self-start max-md:size-11" onClick={onClose} />
        )}
      </div>
      {partial && !conversation.contact && conversation.contactId ? (
        <SectionSkeleton />
      ) : (
        <Reached conversation={conversation} />
      )}
      <Facts conversation={conversation} />
      {!partial && <Members key={conversation.id} conversation={conversation} />}
    </aside>
  );
}

function Kind({ conversation }: { conversation: ConversationDetails }) {
  const words = useTranslations('conversation');
  if (conversation.kind === 'group')
    return <p className="text-ink-3">{words('group', { count: conversation.participants.length })}</p>;
  const phone = conversation.contact?.identities.find(({ kind }) => kind === 'phone')?.address;
  return phone && phone !== conversation.title ? (
    <p className="num truncate text-ink-3" dir="ltr">
      {phone}
    </p>
  ) : null;
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="border-t border-line px-4 pt-3 pb-3.5">
      <h3 className="mb-1 flex h-6 items-center text-meta font-semibold text-ink-2">{title}</h3>
      {children}
    </section>
  );
}

function SectionSkeleton() {
  return (
    <div className="grid gap-4 border-t border-line px-4 pt-5 pb-5">
      <Skeleton className="h-2.5 w-24" />
      <Skeleton className="h-2.5 w-48" />
    </div>
  );
}

/** Every address of the contact; the one that this chat uses is said. */
function Reached({ conversation }: { conversation: ConversationDetails }) {
  const words = useTranslations('conversation.panel');
  const channel = useAccount(conversation.accountId)?.channel;
  const identities = conversation.contact?.identities ?? [];
  const phones = identities.filter(({ kind }) => kind === 'phone').length;
  if (identities.length === 0) return null;
  return (
    <Section title={words('reachedOn')}>
      <ul>
        {identities.map(({ kind, address }) => (
          <li
            key={`${kind} ${address}`}
            className="group flex min-h-7 items-center gap-2"
            title={words(`identity.${kind}`)}
          >
            {kind === 'phone' && channel ? (
              <ChannelMark channel={channel} />
            ) : (
              <Icon of={kind === 'username' ? AtSign : Fingerprint} className="text-ink-3" />
            )}
            <span className="sr-only">{words(`identity.${kind}`)}</span>
            <span className="num min-w-0 truncate" dir="ltr">
              {address}
            </span>
            <CopyButton text={address} />
            {kind === 'phone' && phones === 1 && (
              <span className="ms-auto flex-none text-meta text-ink-3">{words('thisChat')}</span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function CopyButton({ text }: { text: string }) {
  const words = useTranslations('conversation.panel');
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      icon={copied ? Check : Copy}
      iconSize={14}
      size={24}
      label={copied ? words('copied') : words('copy', { what: text })}
      className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
      onClick={() =>
        void copyText(text).then(
          () => setCopied(true),
          () => undefined,
        )
      } // it still stands there to be read
      onBlur={() => setCopied(false)}
    />
  );
}

function Facts({ conversation }: { conversation: ConversationDetails }) {
  const words = useTranslations('conversation');
  const panel = useTranslations('conversation.panel');
  const format = useFormatter();
  const account = useAccount(conversation.accountId);
  const team = useTeams().find(({ id }) => id === conversation.teamId);
  const mayAssign = useMay('inbox.assign');
  const mayWrite = useMay('inbox.write');
  const [picking, setPicking] = useState<'assignee' | 'labels' | null>(null);
  const moment = (at: string) =>
    format.dateTime(new Date(at), {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  return (
    <Section title={panel('conversation')}>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)] items-center gap-x-2 gap-y-0.5">
        <Fact name={words('assignee')}>
          <AssigneePicker
            conversation={conversation}
            open={picking === 'assignee'}
            onOpenChange={(open) => setPicking(open ? 'assignee' : null)}
            trigger={
              <button
                type="button"
                disabled={!mayAssign}
                className="-mx-1.5 flex min-h-7 max-w-full items-center gap-1.5 rounded-2 px-1.5 enabled:hover:bg-hover data-popup-open:bg-hover"
              >
                <AssigneeName conversation={conversation} />
              </button>
            }
          />
        </Fact>
        {team && conversation.assigneeId !== null && (
          <Fact name={words('team')}>
            <span className="truncate">{team.name}</span>
          </Fact>
        )}
        <Fact name={words('statusLabel')}>{words(`status.${conversation.status}`)}</Fact>
        <Fact name={words('labels')}>
          <LabelsOf conversation={conversation} />
          {mayWrite && (
            <LabelPicker
              conversation={conversation}
              align="start"
              open={picking === 'labels'}
              onOpenChange={(open) => setPicking(open ? 'labels' : null)}
              trigger={<IconButton icon={Plus} iconSize={14} size={24} label={words('addLabel')} />}
            />
          )}
        </Fact>
        <Fact name={panel('account')}>
          <span className="truncate">{account?.name ?? words('deletedAccount')}</span>
        </Fact>
        {conversation.waitingSince && (
          <Fact name={panel('waiting')}>
            <time className="num" dateTime={conversation.waitingSince}>
              {moment(conversation.waitingSince)}
            </time>
          </Fact>
        )}
        <Fact name={panel('received')}>
          <span className="num">{panel('messages', { count: conversation.received })}</span>
        </Fact>
        <Fact name={panel('begun')}>
          <time className="num" dateTime={conversation.createdAt}>
            {moment(conversation.createdAt)}
          </time>
        </Fact>
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="flex min-h-7 items-center text-ink-3">{name}</dt>
      <dd className="flex min-h-7 min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">{children}</dd>
    </>
  );
}

/** How many members are shown before one asks for all. */
const FIRST = 12;

/** Who else is in the group, in the colours that they have in the thread. */
function Members({ conversation: { kind, participants } }: { conversation: ConversationDetails }) {
  const words = useTranslations('conversation.panel');
  const [all, setAll] = useState(false);
  if (kind !== 'group') return null;
  const shown = all ? participants : participants.slice(0, FIRST);
  return (
    <Section title={words('members')}>
      {participants.length === 0 && <p className="text-pretty text-ink-3">{words('membersUnknown')}</p>}
      <ul>
        {shown.map(({ contactId, name, address, admin }) => {
          const called = name ?? (address.startsWith('+') ? address : null);
          return (
            <li key={address} className="flex min-h-8 items-center gap-2">
              <Avatar id={contactId ?? address} name={called ?? '?'} size={20} />
              <span className={cx('min-w-0 truncate', !called && 'text-ink-3')} title={address} dir="auto">
                {called ?? words('noName')}
              </span>
              {admin && <span className="ms-auto flex-none text-meta text-ink-3">{words('admin')}</span>}
            </li>
          );
        })}
      </ul>
      {shown.length < participants.length && (
        <LinkButton onClick={() => setAll(true)}>{words('allMembers', { count: participants.length })}</LinkButton>
      )}
    </Section>
  );
}
