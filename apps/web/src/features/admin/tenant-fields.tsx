'use client';

import { isLanguage, type Language, languages } from '@parley/contracts/languages';
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

interface LanguageProps {
  value: Language;
  onChange: (value: Language) => void;
}

/** By what each calls itself. */
export function LanguageField({ value, onChange }: LanguageProps) {
  return <LanguageOrNone value={value} onChange={(language) => language && onChange(language)} />;
}

interface LanguageOrNoneProps {
  value: Language | null;
  /** What it is when none is chosen; absent: one always is. */
  none?: string;
  disabled?: boolean;
  onChange: (value: Language | null) => void;
}

/** The same, where one may leave it to others. */
export function LanguageOrNone({ value, none, disabled, onChange }: LanguageOrNoneProps) {
  const words = useTranslations('admin.new');
  return (
    <SelectField
      label={words('language')}
      value={value ?? ''}
      disabled={disabled}
      onChange={({ target }) => onChange(isLanguage(target.value) ? target.value : null)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {languages.map((language) => (
        <option key={language} value={language} lang={language}>
          {languageName(language)}
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

/** What it calls itself, as it begins a line. */
export function languageName(language: Language): string {
  const name = new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
