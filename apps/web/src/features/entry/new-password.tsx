'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { buttonClass } from '@/components/button';
import { Field } from '@/components/field';
import { PasswordField } from '@/features/sign-in/password-field';
import { textOf } from '@/features/sign-in/sign-in';
import { EntryForm, EntryNote } from './entry-form';
import { askAuth, useAuthForm } from './use-auth-form';
import { useHash } from './use-hash';

/** Asks for a link by mail; opened by that link, chooses the password. */
export function NewPassword() {
  const token = useHash();
  if (token === null) return null;
  return token === '' ? <AskForLink /> : <Choose token={token} />;
}

function AskForLink() {
  const words = useTranslations('entry.newPassword');
  const common = useTranslations('entry');
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [email, setEmail] = useState('');
  const { problem, submit, pending } = useAuthForm(async (data) => {
    setEmail(textOf(data, 'email'));
    await askAuth('request-password-reset', { email: textOf(data, 'email') });
    setSentTo(textOf(data, 'email'));
  });
  if (sentTo !== null)
    return (
      <EntryNote title={words('sent')} action={<ToSignIn />}>
        {words('sentHint', { email: sentTo })}
      </EntryNote>
    );
  return (
    <EntryForm
      title={words('title')}
      hint={words('hint')}
      problem={problem}
      action={submit}
      pending={pending}
      submit={words('send')}
      foot={<ToSignIn />}
    >
      <Field
        label={common('email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        autoFocus
        defaultValue={email}
      />
    </EntryForm>
  );
}

function Choose({ token }: { token: string }) {
  const words = useTranslations('entry.newPassword');
  const common = useTranslations('entry');
  const [done, setDone] = useState(false);
  const { problem, submit, pending } = useAuthForm(async (data) => {
    await askAuth('reset-password', { token, newPassword: textOf(data, 'password') });
    setDone(true);
  });
  if (done)
    return (
      <EntryNote
        title={words('done')}
        action={
          <a href="/sign-in" className={buttonClass('primary', 'lg')}>
            {common('signIn')}
          </a>
        }
      >
        {words('doneHint')}
      </EntryNote>
    );
  return (
    <EntryForm
      title={words('choose')}
      hint={words('chooseHint')}
      problem={problem}
      action={submit}
      pending={pending}
      submit={words('save')}
      foot={
        problem && (
          <a href="/new-password" className="text-center font-medium text-accent-ink hover:underline">
            {words('again')}
          </a>
        )
      }
    >
      <PasswordField
        label={words('new')}
        name="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        autoFocus
        hint={common('passwordHint')}
      />
    </EntryForm>
  );
}

function ToSignIn() {
  const words = useTranslations('entry');
  return (
    <a href="/sign-in" className="text-center font-medium text-accent-ink hover:underline">
      {words('toSignIn')}
    </a>
  );
}
