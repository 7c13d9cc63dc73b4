import { StickyNote } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ChannelMark } from '@/components/channel-mark';
import { Icon } from '@/components/icon';
import { Tick } from '@/components/tick';
import { channels } from '@/lib/contract-values';

/** One true exchange, in our own bubbles: what the product is, without a word about it. */
export function SampleTalk() {
  const words = useTranslations('signIn.sample');
  return (
    <aside
      aria-label={words('label')}
      className="hidden flex-col justify-center border-s border-line bg-canvas px-[72px] lg:flex"
    >
      <div aria-hidden className="flex flex-col text-body">
        <p className="flex items-center gap-[7px] text-meta text-ink-3">
          <ChannelMark channel="whatsapp" />
          <span>
            <span className="font-medium text-ink-2">{words('contact')}</span>, 16:42
          </span>
        </p>
        <Bubble className="self-start bg-sheet">
          {words('question')}
          <Meta>16:42</Meta>
        </Bubble>
        <Bubble className="self-end bg-note shadow-[inset_0_0_0_1px_var(--note-line)]">
          <span className="mb-[3px] flex items-center gap-[5px] text-meta font-medium text-note-ink">
            <Icon of={StickyNote} size={14} />
            {words('noteTag')}
          </span>
          {words('note')}
          <Meta className="text-note-ink">16:43</Meta>
        </Bubble>
        <Bubble className="self-end bg-bubble-out">
          {words('answer')}
          <Meta className="text-ink-2">
            16:43 <Tick status="read" label="" />
          </Meta>
        </Bubble>
      </div>
      <p className="mt-14 text-display text-balance">{words('line')}</p>
      <p className="mt-3.5 flex flex-wrap items-center gap-1.5 text-ink-3">
        {channels.map((channel) => (
          <ChannelMark key={channel} channel={channel} />
        ))}
        <span className="ms-1">{words('channels')}</span>
      </p>
    </aside>
  );
}

function Bubble({ className, children }: { className: string; children: React.ReactNode }) {
  return <div className={`mt-2.5 max-w-[78%] rounded-4 px-3 py-[7px] text-pretty ${className}`}>{children}</div>;
}

function Meta({ className = 'text-ink-3', children }: { className?: string; children: React.ReactNode }) {
  return (
    <span
      className={`num float-end ms-2.5 -me-[3px] mt-[5px] -mb-[3px] inline-flex items-center gap-[3px] text-micro ${className}`}
    >
      {children}
    </span>
  );
}
