'use client';

import type { TenantSettings } from '@parley/contracts/tenant-settings';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Field } from '@/components/field';
import { Refused } from '@/components/refused';
import { RowsFailed, RowSkeletons } from '@/components/rows';
import { say } from '@/components/toast';
import { LanguageField, TimeZoneField } from '@/features/admin/tenant-fields';
import { HoursPart } from './hours-part';
import { HueChoice } from './hue-choice';
import { LogoPart } from './logo-part';
import { Part, SectionHead } from './section-head';
import { tenantSettingsQuery, useSaveTenant } from './tenant-settings';

/** How the tenant shows itself, and when it is there. */
export function CompanyPage() {
  const words = useTranslations('settings.company');
  const settings = useQuery(tenantSettingsQuery);
  return (
    <>
      <SectionHead title={words('title')} hint={words('hint')} />
      {settings.isPending && <RowSkeletons />}
      {settings.isError && !settings.data && (
        <RowsFailed error={settings.error} retry={() => void settings.refetch()} />
      )}
      {settings.data && (
        <>
          <Looks settings={settings.data} />
          <LogoPart settings={settings.data} />
          <HoursPart hours={settings.data.hours} timeZone={settings.data.timeZone} />
        </>
      )}
    </>
  );
}

function Looks({ settings }: { settings: TenantSettings }) {
  const words = useTranslations('settings.company');
  const [name, setName] = useState(settings.name);
  const [hue, setHue] = useState(settings.hue);
  const [timeZone, setTimeZone] = useState(settings.timeZone);
  const [language, setLanguage] = useState(settings.language);
  const save = useSaveTenant(() => say(words('saved')));
  return (
    <Part title={words('looks')}>
      <form
        className="grid max-w-[520px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ name, hue, timeZone, language });
        }}
      >
        <Refused error={save.error} />
        <Field
          label={words('name')}
          required
          maxLength={80}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="grid gap-1.5">
          <p className="text-ui font-medium">{words('colour')}</p>
          <div className="flex flex-wrap items-center gap-3">
            <HueChoice value={hue} onChange={setHue} />
            {hue !== null && <LinkButton onClick={() => setHue(null)}>{words('noColour')}</LinkButton>}
          </div>
        </div>
        <TimeZoneField value={timeZone} onChange={setTimeZone} />
        <LanguageField value={language} onChange={setLanguage} />
        <Button type="submit" variant="primary" size="lg" disabled={save.isPending} className="justify-self-start">
          {words('save')}
        </Button>
      </form>
    </Part>
  );
}
