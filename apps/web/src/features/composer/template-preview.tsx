'use client';

import type { Template } from '@parley/contracts/accounts';
import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { RichText } from '../messages/rich-text';
import { parameterKey, type Part, templateParts, type Values } from './template-fill';

/** A template as the phone will show it; what is still missing shows its example. */
export function TemplatePreview({
  template,
  values,
  active,
  className,
}: {
  template: Template;
  values: Values;
  active?: string;
  className?: string;
}) {
  const t = useTranslations('composer.template');
  return (
    <figure
      aria-label={t('preview')}
      className={cx('max-h-[208px] min-w-0 overflow-y-auto rounded-3 bg-canvas p-2.5', className)}
    >
      <div
        className="flow-root rounded-4 bg-bubble-out px-3 py-[7px] text-body text-pretty [overflow-wrap:anywhere]"
        dir="auto"
      >
        {template.header && (
          <b className="mb-1 block font-semibold">
            <Parts parts={templateParts(template, 'header', values)} template={template} active={active} />
          </b>
        )}
        <p className="whitespace-pre-wrap">
          <Parts parts={templateParts(template, 'body', values)} template={template} active={active} />
        </p>
        {template.footer && <p className="mt-1 text-meta text-ink-2">{template.footer}</p>}
      </div>
      {template.buttons.length > 0 && (
        <ul className="mt-1 grid gap-1">
          {template.buttons.map((button, index) => (
            <li
              key={index}
              className="truncate rounded-3 bg-bubble-out px-3 py-1.5 text-center text-ui font-medium text-accent-ink"
            >
              {button.text}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

function Parts({ parts, template, active }: { parts: Part[]; template: Template; active?: string }) {
  return parts.map((part, index) => {
    if (part.type === 'text') return <RichText key={index} text={part.text} />;
    const filled = part.value.trim();
    const example = template.parameters.find((parameter) => parameterKey(parameter) === part.key)?.example;
    return (
      <mark
        key={index}
        className={cx(
          'rounded-1 px-1 text-inherit',
          filled ? 'bg-press' : 'bg-transparent text-ink-3 italic',
          part.key === active
            ? 'shadow-[0_0_0_1.5px_var(--focus)]'
            : !filled && 'shadow-[0_0_0_1px_var(--line-strong)]',
        )}
      >
        {filled || example || part.key.split(':')[1]}
      </mark>
    );
  });
}
