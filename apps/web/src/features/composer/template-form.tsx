'use client';

import type { Template } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import { ArrowLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '@/components/button';
import { cx } from '@/components/cx';
import { fieldClass, fieldErrorClass } from '@/components/field';
import { IconButton } from '@/components/icon-button';
import { filledBody, firstEmpty, parameterKey, prefill, templateContent, type Parameter } from './template-fill';
import { TemplatePreview } from './template-preview';

interface TemplateFormProps {
  template: Template;
  contactName: string | null;
  onBack: () => void;
  onSend: (content: Extract<OutboundContent, { type: 'template' }>, shown: string) => void;
}

/** The values of a template. Known ones stand there already; Enter goes on to the next that is missing, then sends. */
export function TemplateForm({ template, contactName, onBack, onSend }: TemplateFormProps) {
  const t = useTranslations('composer.template');
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [known] = useState(() => prefill(template, { contactName }));
  const [values, setValues] = useState(known);
  const [active, setActive] = useState<string>();
  const [missing, setMissing] = useState<string | null>(null);
  const { parameters } = template;

  const focusAt = (index: number) =>
    form.current?.querySelector<HTMLElement>(index < 0 ? '[type=submit]' : `[data-parameter="${index}"]`)?.focus();

  useEffect(() => {
    focusAt(firstEmpty(parameters, prefill(template, { contactName })));
    // Only when it opens: afterwards the cursor is the member's.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const submit = () => {
    const empty = firstEmpty(parameters, values);
    const parameter = parameters[empty];
    if (parameter) {
      setMissing(parameterKey(parameter));
      focusAt(empty);
      return;
    }
    onSend(templateContent(template, values), filledBody(template, values));
  };

  const onEnter = (event: React.KeyboardEvent, index: number) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onBack();
    }
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const next = parameters.findIndex((parameter, place) => place > index && !values[parameterKey(parameter)]?.trim());
    if (next >= 0) focusAt(next);
    else submit();
  };

  return (
    <form
      ref={form}
      aria-label={t('form', { name: template.name.replaceAll('_', ' ') })}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      className="@container"
    >
      <div className="grid gap-3 p-2 @min-[560px]:grid-cols-[minmax(0,1fr)_minmax(0,260px)]">
        <div className="flex min-w-0 flex-col">
          <div className="flex items-center gap-1">
            <IconButton
              icon={ArrowLeft}
              label={t('other')}
              size={28}
              onClick={onBack}
              className="pointer-coarse:size-11"
            />
            <h4 className="truncate text-ui font-semibold">{template.name.replaceAll('_', ' ')}</h4>
          </div>
          <div className="mt-2 grid max-h-[190px] gap-2 overflow-y-auto px-px pb-1">
            {parameters.map((parameter, index) => {
              const key = parameterKey(parameter);
              return (
                <ValueField
                  key={key}
                  id={`${id}-${index}`}
                  index={index}
                  parameter={parameter}
                  value={values[key] ?? ''}
                  known={known[key] !== undefined && known[key] === values[key]}
                  missing={missing === key && !values[key]?.trim()}
                  onChange={(value) => setValues({ ...values, [key]: value })}
                  onFocus={() => setActive(key)}
                  onKeyDown={(event) => onEnter(event, index)}
                />
              );
            })}
            {parameters.length === 0 && <p className="px-1 text-ui text-ink-3">{t('nothingToFill')}</p>}
          </div>
          <div className="mt-auto flex items-center justify-end gap-2 pt-2">
            <Button
              type="submit"
              variant="primary"
              className="pointer-coarse:h-11"
              data-composer-focus={parameters.length === 0 || undefined}
            >
              {t('send')}
            </Button>
          </div>
        </div>
        <TemplatePreview template={template} values={values} active={active} className="@max-[560px]:order-first" />
      </div>
    </form>
  );
}

interface ValueFieldProps {
  id: string;
  index: number;
  parameter: Parameter;
  value: string;
  /** We put it there. */
  known: boolean;
  missing: boolean;
  onChange: (value: string) => void;
  onFocus: () => void;
  onKeyDown: (event: React.KeyboardEvent) => void;
}

function ValueField({ id, index, parameter, value, known, missing, onChange, onFocus, onKeyDown }: ValueFieldProps) {
  const t = useTranslations('composer.template');
  const { place, name, example } = parameter;
  const label = /^\d+$/.test(name)
    ? t(`place.${place}`, { number: place === 'button' ? Number(name) + 1 : Number(name) })
    : name.replaceAll('_', ' ');
  return (
    <div className="grid grid-cols-[96px_minmax(0,1fr)] items-center gap-x-2">
      <label htmlFor={id} className="truncate text-ui text-ink-2" title={label}>
        {label}
      </label>
      <div className={cx(fieldClass, 'h-8 px-2.5 pointer-coarse:h-11', missing && fieldErrorClass)}>
        <input
          id={id}
          data-parameter={index}
          dir="auto"
          autoComplete="off"
          maxLength={1024}
          value={value}
          placeholder={example ? t('example', { example }) : undefined}
          aria-invalid={missing || undefined}
          aria-describedby={missing || known ? `${id}-hint` : undefined}
          onChange={(event) => onChange(event.target.value)}
          onFocus={onFocus}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-ui outline-none pointer-coarse:text-field"
        />
        {known && (
          <span id={`${id}-hint`} className="flex-none text-meta text-ink-3">
            {t('known')}
          </span>
        )}
      </div>
      {missing && (
        <p id={`${id}-hint`} role="alert" className="col-start-2 mt-0.5 text-meta text-danger-ink">
          {t('missing', { name: label })}
        </p>
      )}
    </div>
  );
}
