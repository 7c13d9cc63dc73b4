'use client';

import type { CompanyRefusal } from '@parley/contracts/company-sign-in';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { startTransition, useActionState, useRef, useState, useSyncExternalStore } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { tellTabs } from '@/features/session/tabs';
import { lateModule } from '@/lib/late-module';
import { PasswordField } from './password-field';
import { safeNext, signIn, type SignInProblem, textOf } from './sign-in';

const demo = lateModule(() => import('./demo-logins'));
const second = lateModule(() => import('./second-proof'));
const company = lateModule(() => import('./company-form'));
const passkey = lateModule(() => import('./passkey'));

/** E-mail and password, and a second proof where one was set up, a passkey, or one's company; everything else of identity is the server's. */
export function SignInForm() {
  const words = useTranslations('signIn');
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');
  const [step, setStep] = useState<'first' | 'second' | 'company'>('first');
  const DemoLogins = demo.use()?.DemoLogins;
  const SecondProof = second.use()?.SecondProof;
  const CompanyForm = company.use()?.CompanyForm;
  const refused = useCompanyRefusal();
  const [problem, submit, pending] = useActionState(
    async (_: unknown, data: FormData | 'passkey'): Promise<SignInProblem | null> => {
      if (data === 'passkey') return passkey.fetch().then(tryPasskey, () => 'network');
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

  const back = () => setStep('first');
  if (step === 'second' && SecondProof)
    return (
      <Alone>
        <SecondProof onDone={goOn} onOver={back} />
      </Alone>
    );
  if (step === 'company' && CompanyForm)
    return (
      <Alone>
        <CompanyForm onBack={back} />
      </Alone>
    );
  // The fields keep their own text: people, and browsers that fill in for them, are there before this page listens.
  // What comes late stands below and moves nothing.
  return (
    <form ref={form} action={submit} className={columnClass}>
      <div className="row-start-2 grid gap-4">
        <h1 className="mb-1 text-display">{words('title')}</h1>
        <div role="alert">
          {(problem ?? refused) && (
            <Banner tone="danger" icon={CircleAlert}>
              {problem ? words(`problem.${problem}`) : refused}
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
        <Button
          variant="line"
          size="lg"
          className="-mt-1 w-full"
          disabled={pending}
          onClick={() => startTransition(() => submit('passkey'))}
        >
          {words('passkey')}
        </Button>
        <Button
          variant="line"
          size="lg"
          className="-mt-1 w-full"
          disabled={pending}
          onClick={() => void company.fetch().then(() => setStep('company'))}
        >
          {words('company.open')}
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

/** A step that takes the place of the form. */
function Alone({ children }: { children: React.ReactNode }) {
  return (
    <div className={columnClass}>
      <div className="row-start-2">{children}</div>
    </div>
  );
}

/** Why who comes back from their company was not let in, in words; the address says which. */
function useCompanyRefusal(): string | null {
  const words = useTranslations('signIn.company.refused');
  const reason = useSyncExternalStore(noChanges, reasonInAddress, () => null) as CompanyRefusal | null;
  return reason !== null && words.has(reason) ? words(reason) : null;
}

const noChanges = () => () => undefined;
const reasonInAddress = () => new URLSearchParams(window.location.search).get('company');

async function tryPasskey({ signInByPasskey }: typeof import('./passkey')): Promise<SignInProblem | null> {
  const outcome = await signInByPasskey();
  if (outcome !== 'done') return outcome;
  goOn();
  return null;
}

/** A whole page load, so that nothing of who was here before stays in memory. */
function goOn(): void {
  tellTabs('changed');
  window.location.assign(safeNext(new URLSearchParams(window.location.search).get('next')));
}

const columnClass =
  'mx-auto grid min-h-0 w-full max-w-[344px] flex-1 grid-rows-[minmax(32px,2fr)_auto_minmax(32px,5fr)] max-md:grid-rows-[24px_auto_1fr]';
