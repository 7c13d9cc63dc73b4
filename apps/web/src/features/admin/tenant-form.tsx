'use client';

import type { Language } from '@parley/contracts/languages';
import type { Quotas, Tenant } from '@parley/contracts/tenants';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CheckField } from '@/components/check-field';
import { Field } from '@/components/field';
import { Refused } from '@/components/refused';
import { say } from '@/components/toast';
import { useSize } from '@/features/messages/media-details';
import { Part } from '@/features/settings/section-head';
import { call } from '@/lib/api';
import { tenantChanged } from './queries';
import { adminRoutes } from './routes';
import { LanguageField, TimeZoneField } from './tenant-fields';

const GIGABYTE = 1_000_000_000;

interface Draft {
  name: string;
  slug: string;
  timeZone: string;
  language: Language;
  accounts: string;
  members: string;
  /** Gigabytes. */
  stored: string;
  writeFirst: boolean;
}

/** Names, what it may have at most, what it may do. Only what differs is sent. */
export function TenantForm({ tenant }: { tenant: Tenant }) {
  const words = useTranslations('admin.form');
  const fields = useTranslations('admin.new');
  const size = useSize();
  const client = useQueryClient();
  const [draft, setDraft] = useState(() => draftOf(tenant));
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const change = changeOf(draft, tenant);
  const save = useMutation({
    mutationFn: () => call(adminRoutes.updateTenant, { params: { id: tenant.id }, body: change }),
    onSuccess: ({ body }) => {
      setDraft(draftOf(body));
      say(words('saved'));
      return tenantChanged(client, body);
    },
  });
  return (
    <Part title={words('title')}>
      <form
        className="grid max-w-[720px] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Refused error={save.error} />
        <div className="grid items-start gap-4 md:grid-cols-2">
          <Field
            label={fields('name')}
            required
            maxLength={80}
            autoComplete="off"
            value={draft.name}
            onChange={({ target }) => set({ name: target.value })}
          />
          <Field
            label={fields('slug')}
            required
            maxLength={40}
            autoComplete="off"
            value={draft.slug}
            onChange={({ target }) => set({ slug: target.value })}
          />
          <TimeZoneField value={draft.timeZone} onChange={(timeZone) => set({ timeZone })} />
          <LanguageField value={draft.language} onChange={(language) => set({ language })} />
          <Field
            label={words('accounts')}
            hint={words('used', { count: tenant.usage.accounts })}
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder={words('endless')}
            value={draft.accounts}
            onChange={({ target }) => set({ accounts: target.value })}
          />
          <Field
            label={words('members')}
            hint={words('used', { count: tenant.usage.members })}
            inputMode="numeric"
            pattern="[0-9]*"
            placeholder={words('endless')}
            value={draft.members}
            onChange={({ target }) => set({ members: target.value })}
          />
          <Field
            label={words('stored')}
            hint={words('storedHint', { size: tenant.usage.storedBytes ? size(tenant.usage.storedBytes) : '0' })}
            inputMode="decimal"
            pattern="[0-9]+([.,][0-9]+)?"
            maxLength={9}
            placeholder={words('endless')}
            value={draft.stored}
            onChange={({ target }) => set({ stored: target.value })}
          />
        </div>
        <CheckField
          label={words('writeFirst')}
          hint={words('writeFirstHint')}
          checked={draft.writeFirst}
          onChange={({ target }) => set({ writeFirst: target.checked })}
        />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" disabled={save.isPending || Object.keys(change).length === 0}>
            {words('save')}
          </Button>
          {Object.keys(change).length > 0 && (
            <Button onClick={() => setDraft(draftOf(tenant))}>{words('reset')}</Button>
          )}
        </div>
      </form>
    </Part>
  );
}

function draftOf({ name, slug, timeZone, language, quotas, features }: Tenant): Draft {
  const most = (quota: number | null) => (quota === null ? '' : String(quota));
  return {
    name,
    slug,
    timeZone,
    language,
    accounts: most(quotas.accounts),
    members: most(quotas.members),
    stored: quotas.storedBytes === null ? '' : String(quotas.storedBytes / GIGABYTE),
    ...features,
  };
}

type Change = Partial<Pick<Tenant, 'name' | 'slug' | 'timeZone' | 'language'>> & {
  quotas?: Partial<Quotas>;
  features?: Tenant['features'];
};

/** An empty quota is none. */
function changeOf(draft: Draft, tenant: Tenant): Change {
  const change: Change = {};
  for (const name of ['name', 'slug', 'timeZone'] as const)
    if (draft[name] !== tenant[name]) change[name] = draft[name];
  if (draft.language !== tenant.language) change.language = draft.language;
  for (const name of ['accounts', 'members'] as const) {
    const quota = draft[name].trim() === '' ? null : Number(draft[name]);
    if (quota !== tenant.quotas[name]) change.quotas = { ...change.quotas, [name]: quota };
  }
  const stored = draft.stored.trim() === '' ? null : Math.round(Number(draft.stored.replace(',', '.')) * GIGABYTE);
  if (stored !== tenant.quotas.storedBytes) change.quotas = { ...change.quotas, storedBytes: stored };
  if (draft.writeFirst !== tenant.features.writeFirst) change.features = { writeFirst: draft.writeFirst };
  return change;
}
