'use client';

import type { Template } from '@parley/contracts/accounts';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useRef, useState } from 'react';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { Icon } from '@/components/icon';
import { exampleBody, searchTemplates } from './template-fill';
import { TemplatePreview } from './template-preview';

interface TemplateListProps {
  templates: Template[];
  onPick: (template: Template) => void;
  onEscape?: () => void;
}

/** Search, the first highlighted, and how it will look on the phone. */
export function TemplateList({ templates, onPick, onEscape }: TemplateListProps) {
  const t = useTranslations('composer.template');
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const found = searchTemplates(templates, search);
  const index = Math.min(at, found.length - 1);
  const highlighted = found[index];

  const move = (to: number) => {
    setAt(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };
  const pick = (template: Template | undefined) => template && template.obstacle === null && onPick(template);

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return; // the inbox's keys
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      move((index + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(highlighted);
    } else if (event.key === 'Escape' && search) {
      setSearch('');
    } else if (event.key === 'Escape' && onEscape) {
      onEscape();
    } else return;
    event.stopPropagation();
  };

  return (
    <div className="@container">
      <div className="grid gap-x-3 p-2 @min-[560px]:grid-cols-[minmax(0,1fr)_minmax(0,260px)]">
        <div className="min-w-0">
          <label className={cx(fieldClass, 'h-8 px-2.5 pointer-coarse:h-11')}>
            <Icon of={Search} className="text-ink-3" />
            <input
              data-composer-focus
              role="combobox"
              aria-label={t('search')}
              aria-expanded
              aria-controls={id}
              aria-activedescendant={highlighted ? `${id}-${index}` : undefined}
              aria-autocomplete="list"
              autoComplete="off"
              placeholder={t('search')}
              value={search}
              onChange={(event) => {
                setSearch(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
              className="min-w-0 flex-1 bg-transparent text-ui outline-none pointer-coarse:text-field"
            />
          </label>
          <ul
            ref={list}
            id={id}
            role="listbox"
            aria-label={t('list')}
            className="mt-1 max-h-[168px] overflow-y-auto overscroll-contain"
          >
            {found.map((template, place) => (
              <li
                key={`${template.name}:${template.language}`}
                id={`${id}-${place}`}
                role="option"
                aria-selected={place === index}
                aria-disabled={template.obstacle !== null}
                onPointerMove={() => place !== index && setAt(place)}
                onClick={() => pick(template)}
                className={cx(
                  'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-2 px-2 py-1 text-ui select-none pointer-coarse:min-h-11',
                  place === index && 'bg-hover',
                  template.obstacle !== null && 'cursor-default text-ink-3',
                )}
              >
                <span className="min-w-0 flex-1">
                  <b className="block truncate font-medium">{template.name.replaceAll('_', ' ')}</b>
                  <small className={cx('block text-meta text-ink-3', template.obstacle === null && 'truncate')}>
                    {template.obstacle ?? exampleBody(template)}
                  </small>
                </span>
                <span className="flex-none text-meta text-ink-3 uppercase">{template.language.replace('_', '-')}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p className="px-2 py-3 text-ui text-ink-3">{t('notFound', { search })}</p>}
        </div>
        {highlighted && <TemplatePreview template={highlighted} values={{}} className="@max-[560px]:hidden" />}
      </div>
    </div>
  );
}
