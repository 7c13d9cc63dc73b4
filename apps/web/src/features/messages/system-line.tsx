'use client';

import type { Content } from '@parley/contracts/content';
import { ArrowRightLeft, Check, Clock, Inbox, Pencil, Phone, Tag, User, Users, type LucideIcon } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Icon } from '@/components/icon';
import type { ThreadMessage } from './thread-rows';
import { useTimes } from './times';

type System = Extract<Content, { type: 'system' }>;

const icons: Record<System['event'], LucideIcon> = {
  reopened: Inbox,
  resolved: Check,
  pending: Clock,
  opened: Inbox,
  assigned: User,
  unassigned: User,
  given_to_team: Users,
  taken_from_team: Users,
  labelled: Tag,
  participants_added: Users,
  participants_removed: Users,
  participants_promoted: Users,
  participants_demoted: Users,
  title_changed: Pencil,
  number_changed: Phone,
};

/** After a while apart a whole crowd may have come. */
const MOST_NAMES = 6;

/** A line that nobody wrote: who did what, and when. */
export function SystemLine({ message }: { message: ThreadMessage }) {
  const t = useTranslations('messages.system');
  const format = useFormatter();
  const times = useTimes();
  if (message.content.type !== 'system') return null;
  const { event, by, to } = message.content;
  const name = (chunks: React.ReactNode) => (
    <b className="font-medium text-ink-2" dir="auto">
      {chunks}
    </b>
  );
  // Somebody who did it to themselves took it, left, or joined.
  const alone = by !== null && to.length === 1 && to[0] === by;
  const rest = to.length > MOST_NAMES ? to.length - MOST_NAMES + 1 : 0;
  const named = rest ? [...to.slice(0, -rest), t('others', { count: rest })] : to;
  const values = {
    by: by ?? '',
    to: format.list(named),
    count: to.length,
    who: alone ? 'self' : by === null ? 'nobody' : 'other',
    name,
  };
  return (
    <div className="flex justify-center px-2 pt-2.5 pb-0.5">
      <p className="flex max-w-full items-start gap-1.5 text-meta text-ink-3 [overflow-wrap:anywhere]">
        <Icon of={event === 'assigned' && !alone ? ArrowRightLeft : icons[event]} size={14} className="mt-px" />
        <span>
          {t.rich(event, values)} · <time dateTime={message.sentAt}>{times.clock(message.sentAt)}</time>
        </span>
      </p>
    </div>
  );
}
