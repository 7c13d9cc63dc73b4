'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Field } from '@/components/field';
import { PasswordField } from '@/features/sign-in/password-field';
import { textOf } from '@/features/sign-in/sign-in';
import { AuthenticatorCode } from './authenticator-code';
import { RecoveryCodes } from './recovery-codes';
import { askAuth, useAuthForm } from './use-auth-form';

/** What an authenticator scans, and what stands in for it once it is lost. */
interface Begun {
  totpURI: string;
  backupCodes: string[];
}

/** Sets up a second proof in three steps: the password, the code, the recovery codes. */
export function AuthenticatorSetup({ onDone, done }: { onDone: () => void; done: string }) {
  const words = useTranslations('entry.secondProof');
  const [begun, setBegun] = useState<Begun | null>(null);
  const [proven, setProven] = useState(false);
  const start = useAuthForm(async (data) => {
    setBegun((await askAuth('two-factor/enable', { password: textOf(data, 'password') })) as Begun);
  });
  const prove = useAuthForm(async (data) => {
    await askAuth('two-factor/verify-totp', { code: textOf(data, 'code').replace(/\s/g, '') });
    setProven(true);
  });

  if (!begun)
    return (
      <form action={start.submit} className="grid gap-4">
        <Problem text={start.problem} />
        <PasswordField
          label={words('password')}
          name="password"
          autoComplete="current-password"
          autoFocus
          hint={words('passwordHint')}
        />
        <Button type="submit" variant="primary" size="lg" disabled={start.pending}>
          {words('begin')}
        </Button>
      </form>
    );
  if (!proven)
    return (
      <form action={prove.submit} className="grid gap-4">
        <AuthenticatorCode uri={begun.totpURI} />
        <Problem text={prove.problem} />
        <Field
          label={words('code')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          spellCheck={false}
          required
          autoFocus
          hint={words('codeHint')}
        />
        <Button type="submit" variant="primary" size="lg" disabled={prove.pending}>
          {words('check')}
        </Button>
      </form>
    );
  return (
    <div className="grid gap-4">
      <p role="status" className="font-medium">
        {words('on')}
      </p>
      <RecoveryCodes codes={begun.backupCodes} />
      <Button variant="primary" size="lg" onClick={onDone}>
        {done}
      </Button>
    </div>
  );
}

function Problem({ text }: { text: string | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {text && (
        <Banner tone="danger" icon={CircleAlert}>
          {text}
        </Banner>
      )}
    </div>
  );
}
