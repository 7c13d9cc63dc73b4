'use client';

import { ArrowUp, Bold, CheckCheck, Italic, LayoutTemplate, Paperclip, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { Icon } from '@/components/icon';
import { Menu, MenuItem } from '@/components/menu';
import { CharactersLeft, type ComposerBarProps } from './composer-bar';
import { wrapSelection } from './composer-desk';

/** On a phone the field stands between a plus, which holds what the bar holds, and a round button that sends. */
export const ComposerMobile = memo(function ComposerMobile({
  part,
  ...props
}: ComposerBarProps & { part: 'plus' | 'send' }) {
  return part === 'plus' ? <PlusMenu {...props} /> : <RoundSend {...props} />;
});

function PlusMenu({ account, field, canSend, busy, onResolve, onTemplates, onAttach }: ComposerBarProps) {
  const t = useTranslations('composer');
  const mark = (sign: string) => () => setTimeout(() => field.current && wrapSelection(field.current, sign), 0);
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={t('more')}
          className="grid size-11 flex-none place-items-center rounded-full text-ink-2 hover:bg-hover active:bg-press md:hidden"
        >
          <Icon of={Plus} size={20} />
        </button>
      }
    >
      {onAttach && (
        <MenuItem icon={Paperclip} onSelect={onAttach}>
          {t('files.attach')}
        </MenuItem>
      )}
      {onTemplates && (
        <MenuItem icon={LayoutTemplate} onSelect={onTemplates}>
          {t('templates')}
        </MenuItem>
      )}
      {account.channel === 'whatsapp' && (
        <>
          <MenuItem icon={Bold} onSelect={mark('*')}>
            {t('bold')}
          </MenuItem>
          <MenuItem icon={Italic} onSelect={mark('_')}>
            {t('italic')}
          </MenuItem>
        </>
      )}
      <MenuItem icon={CheckCheck} disabled={!canSend || busy} onSelect={onResolve}>
        {t('sendAndResolve')}
      </MenuItem>
    </Menu>
  );
}

function RoundSend({ left, canSend, busy, onSend }: ComposerBarProps) {
  const t = useTranslations('composer');
  return (
    <span className="relative ms-1.5 flex-none md:hidden">
      {left !== null && <CharactersLeft left={left} className="absolute end-0 bottom-full mb-1 whitespace-nowrap" />}
      <button
        type="button"
        aria-label={t('send')}
        aria-disabled={!canSend}
        disabled={busy}
        onClick={onSend}
        onPointerDown={(event) => event.preventDefault()} // the keyboard stays open
        className="grid size-11 place-items-center rounded-full bg-accent text-on-accent active:bg-accent-hover"
      >
        <Icon of={ArrowUp} size={20} />
      </button>
    </span>
  );
}
