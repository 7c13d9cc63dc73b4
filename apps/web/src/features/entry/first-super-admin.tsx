'use client';

import { useTranslations } from 'next-intl';
import { useActionState, useState } from 'react';
import { Field } from '@/components/field';
import { PasswordField } from '@/features/sign-in/password-field';
import { signIn, textOf } from '@/features/sign-in/sign-in';
import { call } from '@/lib/api';
import { EntryForm, EntryNote } from './entry-form';
import { entryRoutes } from './routes';
import { useHash } from './use-hash';
import { useProblemWords } from './use-problem-words';

/** Makes who will run the install, by the link that it printed at its first start. */
export function FirstSuperAdmin() {
  const words = useTranslations('entry.setup');
  const common = useTranslations('entry');
  const token = useHash();
  const problemWords = useProblemWords();
  const [kept, setKept] = useState({ name: '', email: '' });
  const [problem, submit, pending] = useActionState(async (_: unknown, data: FormData): Promise<string | null> => {
    const [name, email, password] = [textOf(data, 'name'), textOf(data, 'email'), textOf(data, 'password')];
    setKept({ name, email });
    try {
      await call(entryRoutes.createFirstSuperAdmin, { body: { token: token ?? '', name, email, password } });
    } catch (error) {
      return problemWords(error);
    }
    window.location.assign((await signIn(email, password)) === 'done' ? '/admin' : '/sign-in?next=/admin');
    return null;
  }, null);
  if (token === null) return null;
  if (token === '') return <EntryNote title={words('noLink')}>{words('noLinkHint')}</EntryNote>;
  return (
    <EntryForm
      title={words('title')}
      hint={words('hint')}
      problem={problem}
      action={submit}
      pending={pending}
      submit={words('submit')}
    >
      <Field
        label={common('name')}
        name="name"
        autoComplete="name"
        required
        autoFocus
        maxLength={80}
        defaultValue={kept.name}
      />
      <Field
        label={common('email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={kept.email}
      />
      <PasswordField
        label={common('password')}
        name="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={128}
        hint={common('passwordHint')}
      />
    </EntryForm>
  );
}
