'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { Field, fieldClass, fieldErrorClass } from '@/components/field';
import { ApiError } from '@parley/client/api-error';
import type { ConfigField, Entered } from './config-fields';
import { Fold } from './fold';
import { RefusalBanner } from './refusal-banner';

interface ConfigFormProps {
  fields: ConfigField[];
  /** What stands there already, and the last characters of each secret that is set. */
  name?: string;
  config?: Record<string, unknown>;
  secrets?: Record<string, string>;
  /** Its button stands here; absent: it stands elsewhere, for the form of this id. */
  submit?: string;
  id?: string;
  pending: boolean;
  error: Error | null;
  onSubmit: (name: string, entered: Entered) => void;
}

/** A provider's config as its own schema draws it: what must be entered first, the rest below. */
export function ConfigForm({
  fields,
  name = '',
  config,
  secrets = {},
  submit,
  id,
  pending,
  error,
  onSubmit,
}: ConfigFormProps) {
  const words = useTranslations('accounts.form');
  const [called, setCalled] = useState(name);
  const [entered, setEntered] = useState<Entered>(() => startOf(fields, config));
  const refused = refusalsOf(error);
  const set = (field: string, value: string | null) => setEntered((before) => ({ ...before, [field]: value }));
  const line = (field: ConfigField) => (
    <ConfigLine
      key={field.name}
      field={field}
      value={entered[field.name] ?? null}
      tail={secrets[field.name]}
      error={refused[`config.${field.name}`]}
      onChange={(value) => set(field.name, value)}
    />
  );
  const further = fields.filter(({ required }) => !required);
  const isRefusedBelow = further.some((field) => refused[`config.${field.name}`] !== undefined);
  return (
    <form
      id={id}
      className="grid gap-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(called, entered);
      }}
    >
      {error && <RefusalBanner error={error} />}
      <Field
        label={words('name')}
        hint={words('nameHint')}
        error={refused.name}
        value={called}
        maxLength={80}
        autoComplete="off"
        onChange={(event) => setCalled(event.target.value)}
      />
      {fields.filter(({ required }) => required).map(line)}
      {further.length > 0 && (
        <Fold key={String(isRefusedBelow)} title={words('more')} open={isRefusedBelow}>
          <p className="pt-1 text-meta text-ink-3">{words('moreHint')}</p>
          <div className="grid gap-4 pt-3">{further.map(line)}</div>
        </Fold>
      )}
      {config && <p className="text-meta text-pretty text-ink-3">{words('grace')}</p>}
      {submit && (
        <Button type="submit" variant="line" className="justify-self-start" disabled={pending}>
          {pending ? words('checking') : submit}
        </Button>
      )}
    </form>
  );
}

interface ConfigLineProps {
  field: ConfigField;
  value: string | null;
  /** Of a secret that is set. */
  tail: string | undefined;
  error: string | undefined;
  onChange: (value: string | null) => void;
}

function ConfigLine({ field, value, tail, error, onChange }: ConfigLineProps) {
  const words = useTranslations('accounts.form');
  if (field.kind === 'choice') return <ChoiceLine field={field} value={value} error={error} onChange={onChange} />;
  const isSet = field.secret && tail !== undefined;
  const set = isSet && (tail ? words('secretSet', { tail }) : words('secretSetShort'));
  return (
    <Field
      label={field.title}
      aside={
        isSet && field.made ? (
          <LinkButton className="text-meta" disabled={value === null} onClick={() => onChange(null)}>
            {words('make')}
          </LinkButton>
        ) : (
          !field.required && <span className="text-meta text-ink-3">{words('optional')}</span>
        )
      }
      hint={value === null && isSet ? words('makeLast') : [set, field.hint].filter(Boolean).join(' ')}
      error={error}
      type={field.secret ? 'password' : 'text'}
      inputMode={field.kind === 'number' ? 'numeric' : undefined}
      autoComplete={field.secret ? 'new-password' : 'off'}
      spellCheck={false}
      dir="ltr"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function ChoiceLine({ field, value, error, onChange }: Omit<ConfigLineProps, 'tail'>) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-ui font-medium">
        {field.title}
      </label>
      <div className={cx(fieldClass, 'h-10 px-3', error && fieldErrorClass)}>
        <select
          id={id}
          value={value ?? ''}
          aria-describedby={`${id}-hint`}
          onChange={(event) => onChange(event.target.value)}
          className="min-w-0 flex-1 bg-sheet text-body outline-none pointer-coarse:text-field"
        >
          {field.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      </div>
      <p id={`${id}-hint`} className={cx('text-meta', error ? 'text-danger-ink' : 'text-ink-3')}>
        {error ?? field.hint}
      </p>
    </div>
  );
}

function startOf(fields: ConfigField[], config: Record<string, unknown> | undefined): Entered {
  return Object.fromEntries(
    fields.map(({ name, preset }) => [
      name,
      config ? (config[name] === undefined ? '' : String(config[name])) : preset,
    ]),
  );
}

/** What was refused of each field, by its path. */
function refusalsOf(error: Error | null): Record<string, string> {
  const errors = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  return Object.fromEntries(errors.map(({ path, message }) => [path, message]));
}
