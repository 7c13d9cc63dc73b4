'use client';

import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useActionState, useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { Icon } from '@/components/icon';
import { DemoLogins } from './demo-logins';
import { safeNext, signIn, type SignInProblem } from './sign-in';

/** E-mail and password; everything else of identity is the server's. */
export function SignInForm() {
  const words = useTranslations('signIn');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [problem, submit, pending] = useActionState(
    async (_: unknown, form: FormData): Promise<SignInProblem | null> => {
      // What stands in the fields: people, and browsers that fill in for them, may be there before this page listens.
      const [login, secret] = [textOf(form, 'email'), textOf(form, 'password')];
      setEmail(login);
      setPassword(secret);
      const refused = await signIn(login, secret);
      if (!refused) window.location.assign(safeNext(new URLSearchParams(window.location.search).get('next')));
      return refused;
    },
    null,
  );

  return (
    <form action={submit} className="m-auto grid w-full max-w-[344px] gap-4 py-8">
      <h1 className="mb-1 text-display">{words('title')}</h1>
      <div role="alert">
        {problem && (
          <Banner tone="danger" icon={CircleAlert}>
            {words(`problem.${problem}`)}
          </Banner>
        )}
      </div>
      <Field
        label={words('email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Field
        label={words('password')}
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        tail={
          <button
            type="button"
            aria-label={words(shown ? 'hidePassword' : 'showPassword')}
            onClick={() => setShown(!shown)}
            className="-me-1.5 grid size-7 flex-none place-items-center rounded-2 text-ink-2 hover:bg-hover hover:text-ink"
          >
            <Icon of={shown ? EyeOff : Eye} />
          </button>
        }
      />
      <Button type="submit" variant="primary" size="lg" className="mt-1 w-full" disabled={pending}>
        {words(pending ? 'signingIn' : 'submit')}
      </Button>
      <DemoLogins
        onChoose={(login, secret) => {
          setEmail(login);
          setPassword(secret);
        }}
      />
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
