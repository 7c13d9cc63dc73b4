'use client';

import type { Content } from '@parley/contracts/content';
import {
  Circle,
  CircleHelp,
  FileWarning,
  LayoutTemplate,
  ListChecks,
  MapPin,
  Phone,
  PhoneMissed,
  ShoppingBag,
  User,
  Video,
  type LucideIcon,
} from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Icon } from '@/components/icon';
import { ContentTile, TileLink } from './content-tile';
import { Media, type FetchAgain } from './media';
import { safeHref } from './text/find-link';
import { MetaBelow, Words } from './words';

type Of<Type extends Content['type']> = Extract<Content, { type: Type }>;

/** What a message says. `meta` is its time and tick, which close its last line. */
export function BubbleContent({
  content,
  fetchAgain,
  meta,
}: {
  content: Exclude<Content, { type: 'system' }>;
  /** Asks for its file once more; null where that is no use, or not theirs to ask. */
  fetchAgain: FetchAgain | null;
  meta: React.ReactNode;
}) {
  switch (content.type) {
    case 'text':
      return <Words text={content.text} meta={meta} />;
    case 'media':
      return <Media content={content} fetchAgain={fetchAgain} meta={meta} />;
    case 'location':
      return <Location content={content} meta={meta} />;
    case 'contacts':
      return <Cards content={content} meta={meta} />;
    case 'choice':
      return <Choice content={content} meta={meta} />;
    case 'poll':
      return <Poll content={content} meta={meta} />;
    case 'order':
      return <Order content={content} meta={meta} />;
    case 'call':
      return <Call content={content} meta={meta} />;
    case 'template':
      return <Template content={content} meta={meta} />;
    case 'unsupported':
      return <Plain icon={CircleHelp} words="unsupported" values={{ kind: content.kind }} meta={meta} />;
    case 'unreadable':
      return <Plain icon={FileWarning} words="unreadable" meta={meta} />;
  }
}

/** Not a person's words, but ours about something that cannot be shown. */
function Plain({
  icon,
  words,
  values,
  meta,
}: {
  icon: LucideIcon;
  words: 'unsupported' | 'unreadable';
  values?: { kind: string };
  meta: React.ReactNode;
}) {
  const t = useTranslations('messages.content');
  return (
    <div className="text-ink-2">
      <Icon of={icon} size={14} className="me-1.5 inline align-[-2px]" />
      {words === 'unsupported' ? t('unsupported', { kind: values?.kind ?? '' }) : t('unreadable')}
      {meta}
    </div>
  );
}

function Location({ content, meta }: { content: Of<'location'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  const { latitude, longitude, address, live } = content;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return (
    <>
      <ContentTile
        icon={MapPin}
        name={content.name ?? (live ? t('liveLocation') : t('location'))}
        detail={address ?? `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`}
        action={<TileLink href={map}>{t('openMap')}</TileLink>}
      />
      <MetaBelow>{meta}</MetaBelow>
    </>
  );
}

function Cards({ content, meta }: { content: Of<'contacts'>; meta: React.ReactNode }) {
  return (
    <>
      <span className="grid gap-2">
        {content.contacts.map((contact, index) => (
          <ContentTile key={index} icon={User} name={contact.name} detail={<CardLines contact={contact} />} />
        ))}
      </span>
      <MetaBelow>{meta}</MetaBelow>
    </>
  );
}

/** Every way to reach somebody, each on a line of its own; plain words where no link can be made of it. */
function CardLines({ contact: { phones, emails, organisation } }: { contact: Of<'contacts'>['contacts'][number] }) {
  const ways = [
    ...phones.map((phone) => ({ words: phone, href: safeHref(`tel:${phone.replace(/[^\d+]/g, '')}`) })),
    ...emails.map((email) => ({ words: email, href: safeHref(`mailto:${email}`) })),
  ];
  return (
    <>
      {organisation && (
        <span className="block truncate" dir="auto">
          {organisation}
        </span>
      )}
      {ways.map(({ words, href }, index) => (
        <span key={index} className="block truncate">
          {href ? <TileLink href={href}>{words}</TileLink> : words}
        </span>
      ))}
    </>
  );
}

function Choice({ content, meta }: { content: Of<'choice'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  return (
    <>
      <KindLine icon={ListChecks}>{t('chose')}</KindLine>
      <b className="block font-medium" dir="auto">
        {content.text}
      </b>
      {content.description ? <Words text={content.description} meta={meta} /> : meta}
    </>
  );
}

function Template({ content, meta }: { content: Of<'template'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  return (
    <>
      <KindLine icon={LayoutTemplate}>{t('template', { name: content.name.replaceAll('_', ' ') })}</KindLine>
      <Words text={content.text} meta={meta} />
    </>
  );
}

/** Above what is said: how it came to be said. */
export function KindLine({ icon, children }: { icon: LucideIcon; children: React.ReactNode }) {
  return (
    <span className="mb-0.5 flex items-center gap-1 text-meta text-ink-2">
      <Icon of={icon} size={12} />
      {children}
    </span>
  );
}

/** What is said beside it, for the eye. */
function Meter({ share }: { share: number }) {
  return (
    <span aria-hidden className="mt-0.5 block h-1 overflow-hidden rounded-full bg-press">
      <span className="block h-full rounded-full bg-accent" style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}

function Poll({ content, meta }: { content: Of<'poll'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  const most = Math.max(1, ...(content.votes ?? []).map(({ count }) => count));
  return (
    <>
      <b className="block font-semibold" dir="auto">
        {content.question}
      </b>
      <small className="block text-meta text-ink-2">{t('pollChoose', { count: content.selectable })}</small>
      <ul className="mt-1.5 grid w-[232px] max-w-full gap-1 text-ui">
        {content.options.map((option, index) => {
          const votes = content.votes?.find((each) => each.option === option)?.count;
          return (
            <li key={index}>
              <span className="flex items-center gap-2" dir="auto">
                <Icon of={Circle} size={14} className="text-ink-2" />
                {option}
                {votes !== undefined && (
                  <span className="num ms-auto flex-none text-meta text-ink-2">{t('pollVotes', { count: votes })}</span>
                )}
              </span>
              {votes !== undefined && <Meter share={votes / most} />}
            </li>
          );
        })}
      </ul>
      {meta}
    </>
  );
}

function Order({ content, meta }: { content: Of<'order'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  const format = useFormatter();
  const price = ({ price: value, currency }: Of<'order'>['items'][number]) =>
    value === null
      ? null
      : isCurrency(currency)
        ? format.number(value, { style: 'currency', currency })
        : format.number(value);
  return (
    <>
      <ContentTile icon={ShoppingBag} name={t('order')} detail={t('orderItems', { count: content.items.length })} />
      <ul className="num mt-1.5 grid gap-1 text-ui">
        {content.items.map((item, index) => (
          <li key={index} className="flex gap-3">
            <span className="min-w-0 flex-1" dir="auto">
              {item.quantity} × {item.product}
            </span>
            <span>{price(item)}</span>
          </li>
        ))}
      </ul>
      {content.text ? <Words text={content.text} meta={meta} /> : meta}
    </>
  );
}

/** A customer's provider may say anything; a currency that Intl does not know would throw. */
function isCurrency(code: string | null): code is string {
  return code !== null && /^[A-Z]{3}$/.test(code);
}

function Call({ content, meta }: { content: Of<'call'>; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  const lost = content.outcome === 'missed' || content.outcome === 'rejected';
  return (
    <>
      <ContentTile
        icon={lost ? PhoneMissed : content.video ? Video : Phone}
        name={t(content.video ? 'videoCall' : 'voiceCall')}
        detail={t(`callOutcome.${content.outcome}`)}
      />
      <MetaBelow>{meta}</MetaBelow>
    </>
  );
}
