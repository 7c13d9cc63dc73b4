'use client';

import { Check, CircleAlert, Clock, Globe, Inbox, LoaderCircle, Search, Tag, Trash2, UserRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/components/avatar';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { ChannelMark } from '@/components/channel-mark';
import { Chip } from '@/components/chip';
import { CorrelationId } from '@/components/correlation-id';
import { Count } from '@/components/count';
import { Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { Field } from '@/components/field';
import { IconButton } from '@/components/icon-button';
import { Menu, MenuItem, MenuLine } from '@/components/menu';
import { complain, say } from '@/components/toast';
import { Section } from './section';

const nothing = () => undefined;

/** The small parts that all else is made of. */
export function PartStates() {
  const t = useTranslations('states.parts');
  const shell = useTranslations('shell.connection');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Section title={t('controls')}>
        <div className="grid gap-3">
          <div className="flex flex-wrap items-center gap-2">
            <Button variant="primary">{t('primary')}</Button>
            <Button variant="line">{t('line')}</Button>
            <Button>{t('ghost')}</Button>
            <Button variant="line" className="outline-2 outline-offset-2 outline-focus">
              {t('focused')}
            </Button>
            <Button variant="danger">{t('danger')}</Button>
            <Button variant="line" disabled>
              {t('disabled')}
            </Button>
            <IconButton icon={Search} label={t('search')} shortcut="/" />
          </div>
          <Field label={t('field')} placeholder={t('search')} hint={t('fieldHint')} />
          <Field label={t('field')} defaultValue="+1 202 555" error={t('fieldError')} />
          <div className="flex flex-wrap items-center gap-2">
            <Chip>{t('neutral')}</Chip>
            <Chip tone="accent">{t('accent')}</Chip>
            <Chip tone="ok" icon={Check}>
              {t('ok')}
            </Chip>
            <Chip tone="warn" icon={Clock}>
              {t('warn')}
            </Chip>
            <Chip tone="danger" icon={CircleAlert}>
              {t('overdue')}
            </Chip>
            <Count value={12} label={t('counted')} />
            {(['whatsapp', 'slack', 'telegram', 'instagram', 'sms'] as const).map((channel) => (
              <ChannelMark key={channel} channel={channel} />
            ))}
            <Avatar id="a" name="Marta Oliveira" size={32} />
            <Avatar id="b" name="Lopes deliveries" size={32} group />
          </div>
        </div>
      </Section>
      <Section title={t('banners')}>
        <div className="grid gap-2">
          <Banner icon={LoaderCircle} spin>
            {shell('reconnecting')}
          </Banner>
          <Banner icon={Globe}>{shell('offline')}</Banner>
          <Banner icon={Check}>{shell('caughtUp')}</Banner>
        </div>
      </Section>
      <Section title={t('overlays')}>
        <div className="flex flex-wrap items-center gap-2">
          <Button variant="line" onClick={() => say(t('resolved'), { label: t('undo'), act: nothing })}>
            {t('toast')}
          </Button>
          <Button variant="line" onClick={() => complain(t('complaint'))}>
            {t('complain')}
          </Button>
          <Menu trigger={<Button variant="line">{t('menu')}</Button>}>
            <MenuItem icon={UserRound} shortcut="A" onSelect={nothing}>
              {t('assign')}
            </MenuItem>
            <MenuItem icon={Tag} shortcut="L" onSelect={nothing}>
              {t('label')}
            </MenuItem>
            <MenuLine />
            <MenuItem icon={Trash2} danger onSelect={nothing}>
              {t('delete')}
            </MenuItem>
          </Menu>
          <Button variant="line" onClick={() => setAsking(true)}>
            {t('dialog')}
          </Button>
          <Dialog
            open={asking}
            onOpenChange={setAsking}
            title={t('dialogTitle')}
            description={t('dialogText')}
            actions={
              <>
                <Button onClick={() => setAsking(false)}>{t('keep')}</Button>
                <Button variant="danger" onClick={() => setAsking(false)}>
                  {t('deleteAccount')}
                </Button>
              </>
            }
          />
        </div>
      </Section>
      <Section title={t('empties')}>
        <div className="grid grid-cols-2 max-md:grid-cols-1">
          <Empty icon={Inbox} title={t('emptyTitle')} action={<Button variant="line">{t('emptyAction')}</Button>}>
            {t('emptyText')}
          </Empty>
          <Empty
            icon={CircleAlert}
            title={t('failedTitle')}
            action={<Button variant="line">{t('failedAction')}</Button>}
          >
            {t('failedText')} <CorrelationId id="c7f2-19" />
          </Empty>
        </div>
      </Section>
    </>
  );
}
