'use client';

import type { Language } from '@parley/contracts/languages';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { CheckField } from '@/components/check-field';
import { Field } from '@/components/field';
import { FormDialog } from '@/components/form-dialog';
import { OnceDialog } from '@/components/once-dialog';
import { say } from '@/components/toast';
import { call } from '@/lib/api';
import { adminRoutes } from './routes';
import { slugOf } from './slug';
import { LanguageField, ownTimeZone, TimeZoneField } from './tenant-fields';

/** Onboards a tenant in one form, and invites who will run it. */
export function NewTenant({ onClose }: { onClose: () => void }) {
  const words = useTranslations('admin.new');
  const client = useQueryClient();
  const group = useId();
  const [name, setName] = useState('');
  const [typedSlug, setSlug] = useState<string | null>(null);
  const [timeZone, setTimeZone] = useState(ownTimeZone);
  const [language, setLanguage] = useState<Language>('en');
  const [email, setEmail] = useState('');
  const [via, setVia] = useState<'link' | 'mail'>('link');
  const slug = typedSlug ?? slugOf(name);
  const create = useMutation({
    mutationFn: () =>
      call(adminRoutes.createTenant, {
        body: { name, slug, timeZone, language, ...(email && { admin: { email, via } }) },
      }),
    onSuccess: ({ body }) => {
      void client.invalidateQueries({ queryKey: ['admin', 'tenants'] });
      if (body.invitationLink) return;
      say(words(email ? 'madeByMail' : 'madeAlone', { name: body.tenant.name, email }));
      onClose();
    },
  });
  const link = create.data?.body.invitationLink;
  if (link)
    return (
      <OnceDialog
        title={words('made', { name })}
        description={words('madeHint', { email })}
        label={words('link')}
        value={link}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={words('title')}
      submit={words('act')}
      pending={create.isPending}
      error={create.error}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Field
          label={words('name')}
          required
          maxLength={80}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={words('slug')}
          hint={words('slugHint')}
          required
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          value={slug}
          onChange={(event) => setSlug(event.target.value)}
        />
        <TimeZoneField value={timeZone} onChange={setTimeZone} />
        <LanguageField value={language} onChange={setLanguage} />
      </div>
      <Field
        label={words('admin')}
        hint={words('adminHint')}
        type="email"
        autoComplete="off"
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      {email !== '' && (
        <fieldset>
          <legend className="sr-only">{words('via')}</legend>
          {(['link', 'mail'] as const).map((way) => (
            <CheckField
              key={way}
              radio
              name={group}
              checked={via === way}
              onChange={() => setVia(way)}
              label={words(`by.${way}`)}
            />
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}
