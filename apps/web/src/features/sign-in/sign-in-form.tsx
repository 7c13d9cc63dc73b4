'use client';

import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useActionState, useRef, useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { Icon } from '@/components/icon';
import { lateModule } from '@/lib/late-module';
import { safeNext, signIn, type SignInProblem } from './sign-in';

const demo = lateModule(() => import('./demo-logins'));

/** E-mail and password; everything else of identity is the server's. */
export function SignInForm() {
  const words = useTranslations('signIn');
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');
  const [shown, setShown] = useState(false);
  const DemoLogins = demo.use()?.DemoLogins;
  const [problem, submit, pending] = useActionState(
    async (_: unknown, data: FormData): Promise<SignInProblem | null> => {
      const [login, secret] = [textOf(data, 'email'), textOf(data, 'password')];
      setEmail(login); // React empties the form afterwards, down to this
      const refused = await signIn(login, secret);
      if (!refused) window.location.assign(safeNext(new URLSearchParams(window.location.search).get('next')));
      return refused;
    },
    null,
  );
  const fillIn = (name: string, text: string) => {
    const field = form.current?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = text;
  };

  // The fields keep their own text: people, and browsers that fill in for them, are there before this page listens.
  // What comes late stands below and moves nothing.
  return (
    <form
      ref={form}
      action={submit}
      className="mx-auto grid min-h-0 w-full max-w-[344px] flex-1 grid-rows-[minmax(32px,2fr)_auto_minmax(32px,5fr)] max-md:grid-rows-[24px_auto_1fr]"
    >
      <div className="row-start-2 grid gap-4">
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
          defaultValue={email}
        />
        <Field
          label={words('password')}
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete="current-password"
          required
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
      </div>
      {DemoLogins && (
        <div className="row-start-3 pt-4 pb-8">
          <DemoLogins
            onChoose={(login, secret) => {
              fillIn('email', login);
              fillIn('password', secret);
            }}
          />
        </div>
      )}
    </form>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
