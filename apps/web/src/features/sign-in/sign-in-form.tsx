'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useActionState, useRef, useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { tellTabs } from '@/features/session/tabs';
import { lateModule } from '@/lib/late-module';
import { PasswordField } from './password-field';
import { safeNext, signIn, type SignInProblem, textOf } from './sign-in';

const demo = lateModule(() => import('./demo-logins'));
const second = lateModule(() => import('./second-proof'));

/** E-mail and password, and a second proof where one was set up; everything else of identity is the server's. */
export function SignInForm() {
  const words = useTranslations('signIn');
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');
  const [step, setStep] = useState<'first' | 'second'>('first');
  const DemoLogins = demo.use()?.DemoLogins;
  const SecondProof = second.use()?.SecondProof;
  const [problem, submit, pending] = useActionState(
    async (_: unknown, data: FormData): Promise<SignInProblem | null> => {
      const [login, secret] = [textOf(data, 'email'), textOf(data, 'password')];
      setEmail(login); // React empties the form afterwards, down to this
      const outcome = await signIn(login, secret);
      if (outcome === 'done') goOn();
      if (outcome === 'second') await second.fetch().then(() => setStep('second'));
      return outcome === 'done' || outcome === 'second' ? null : outcome;
    },
    null,
  );
  const fillIn = (name: string, text: string) => {
    const field = form.current?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = text;
  };

  if (step === 'second' && SecondProof)
    return (
      <div className={columnClass}>
        <div className="row-start-2">
          <SecondProof onDone={goOn} onOver={() => setStep('first')} />
        </div>
      </div>
    );
  // The fields keep their own text: people, and browsers that fill in for them, are there before this page listens.
  // What comes late stands below and moves nothing.
  return (
    <form ref={form} action={submit} className={columnClass}>
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
        <PasswordField
          label={words('password')}
          name="password"
          autoComplete="current-password"
          aside={
            <a href="/new-password" className="reach rounded-1 font-medium text-accent-ink hover:underline">
              {words('forgotten')}
            </a>
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

/** A whole page load, so that nothing of who was here before stays in memory. */
function goOn(): void {
  tellTabs('changed');
  window.location.assign(safeNext(new URLSearchParams(window.location.search).get('next')));
}

const columnClass =
  'mx-auto grid min-h-0 w-full max-w-[344px] flex-1 grid-rows-[minmax(32px,2fr)_auto_minmax(32px,5fr)] max-md:grid-rows-[24px_auto_1fr]';
