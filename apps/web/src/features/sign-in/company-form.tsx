'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useActionState, useState } from 'react';
import { Banner } from '@/components/banner';
import { Button, LinkButton } from '@/components/button';
import { Field } from '@/components/field';
import { postAuth, textOf } from './sign-in';

type Problem = 'unknown' | 'unavailable' | 'tooMany' | 'network' | 'internal';

/** Asks for the company, whose own page asks for the rest. */
export function CompanyForm({ onBack }: { onBack: () => void }) {
  const words = useTranslations('signIn');
  const [company, setCompany] = useState('');
  const [problem, submit, pending] = useActionState(async (_: unknown, data: FormData): Promise<Problem | null> => {
    const name = textOf(data, 'company');
    setCompany(name); // React empties the form afterwards, down to this
    const answer = await postAuth('company/begin', { company: name }).catch(() => null);
    if (!answer) return 'network';
    if (!answer.ok) return problemOf(answer.status);
    const { url } = (await answer.json()) as { url: string };
    window.location.assign(url);
    return null;
  }, null);
  return (
    <form action={submit} className="grid gap-4">
      <h1 className="text-display">{words('company.title')}</h1>
      <div role="alert" className="empty:hidden">
        {problem && (
          <Banner tone="danger" icon={CircleAlert}>
            {problem === 'unknown' || problem === 'unavailable'
              ? words(`company.${problem}`)
              : words(`problem.${problem}`)}
          </Banner>
        )}
      </div>
      <Field
        label={words('company.name')}
        hint={words('company.nameHint')}
        name="company"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        required
        autoFocus
        defaultValue={company}
      />
      <Button type="submit" variant="primary" size="lg" className="w-full" disabled={pending}>
        {words(pending ? 'signingIn' : 'company.submit')}
      </Button>
      <p className="text-center">
        <LinkButton onClick={onBack}>{words('company.back')}</LinkButton>
      </p>
    </form>
  );
}

function problemOf(status: number): Problem {
  if (status === 429) return 'tooMany';
  if (status === 502) return 'unavailable';
  return status < 500 ? 'unknown' : 'internal';
}
