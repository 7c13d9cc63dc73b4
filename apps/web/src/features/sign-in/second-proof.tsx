'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useActionState, useState } from 'react';
import { Banner } from '@/components/banner';
import { Button, LinkButton } from '@/components/button';
import { Field } from '@/components/field';
import { postAuth, textOf } from './sign-in';

type Problem = 'wrongCode' | 'wrongRecovery' | 'tooManyCodes' | 'network' | 'internal';

interface SecondProofProps {
  onDone: () => void;
  /** The first step is too long ago. */
  onOver: () => void;
}

/** The second step of signing in: a code of the authenticator, or one of the recovery codes. */
export function SecondProof({ onDone, onOver }: SecondProofProps) {
  const words = useTranslations('signIn');
  const [recovering, setRecovering] = useState(false);
  const [problem, submit, pending] = useActionState(async (_: unknown, data: FormData): Promise<Problem | null> => {
    const path = recovering ? 'two-factor/verify-backup-code' : 'two-factor/verify-totp';
    const answer = await postAuth(path, { code: textOf(data, 'code').replace(/\s/g, '') }).catch(() => null);
    if (!answer) return 'network';
    if (answer.status === 401) onOver();
    else if (answer.ok) onDone();
    else if (answer.status === 429) return 'tooManyCodes';
    else if (answer.status >= 500) return 'internal';
    else return recovering ? 'wrongRecovery' : 'wrongCode';
    return null;
  }, null);
  return (
    <form action={submit} className="grid gap-4">
      <h1 className="text-display">{words('second.title')}</h1>
      <p className="text-ink-2">{words(recovering ? 'second.recoveryHint' : 'second.hint')}</p>
      <div role="alert" className="empty:hidden">
        {problem && (
          <Banner tone="danger" icon={CircleAlert}>
            {words(`problem.${problem}`)}
          </Banner>
        )}
      </div>
      <Field
        key={String(recovering)}
        label={words(recovering ? 'second.recoveryCode' : 'second.code')}
        name="code"
        autoComplete={recovering ? 'off' : 'one-time-code'}
        inputMode={recovering ? 'text' : 'numeric'}
        spellCheck={false}
        required
        autoFocus
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" disabled={pending}>
        {words(pending ? 'signingIn' : 'submit')}
      </Button>
      <p className="text-center">
        <LinkButton onClick={() => setRecovering(!recovering)}>
          {words(recovering ? 'second.useCode' : 'second.useRecovery')}
        </LinkButton>
      </p>
    </form>
  );
}
