'use client';

import { useTranslations } from 'next-intl';
import { SelectField } from '@/components/select-field';

interface ChoiceProps {
  value: string;
  onChange: (value: string) => void;
}

/** The zone that times of the tenant are told in. */
export function TimeZoneField({ value, onChange }: ChoiceProps) {
  const words = useTranslations('admin.new');
  const zones = everyTimeZone();
  return (
    <SelectField label={words('timeZone')} value={value} onChange={(event) => onChange(event.target.value)}>
      {[...new Set([value, 'UTC', ...zones])].map((zone) => (
        <option key={zone} value={zone}>
          {zone.replaceAll('_', ' ')}
        </option>
      ))}
    </SelectField>
  );
}

const languages = ['en', 'pt-BR', 'ro', 'pt', 'es', 'fr', 'de', 'it', 'nl', 'pl', 'ru', 'uk', 'tr', 'ar', 'he'];

/** By what each calls itself. */
export function LanguageField({ value, onChange }: ChoiceProps) {
  const words = useTranslations('admin.new');
  return (
    <SelectField label={words('language')} value={value} onChange={(event) => onChange(event.target.value)}>
      {[...new Set([value, ...languages])].map((code) => (
        <option key={code} value={code} lang={code}>
          {nameOf(code)}
        </option>
      ))}
    </SelectField>
  );
}

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

function everyTimeZone(): string[] {
  return Intl.supportedValuesOf('timeZone');
}

function nameOf(code: string): string {
  return new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
}
