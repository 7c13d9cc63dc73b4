'use client';

import type { Me } from '@parley/contracts/me';
import type { openInvitation } from '@parley/contracts/invitations';
import type { ResponseOf } from '@parley/contracts/route';
import { useTranslations } from 'next-intl';
import { useActionState, useEffect, useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Field } from '@/components/field';
import { tellTabs } from '@/features/session/tabs';
import { PasswordField } from '@/features/sign-in/password-field';
import { signIn, textOf } from '@/features/sign-in/sign-in';
import { SecondProof } from '@/features/sign-in/second-proof';
import { ApiError } from '@parley/client/api-error';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { EntryColumn, EntryForm, EntryNote } from './entry-form';
import { entryRoutes } from './routes';
import { useHash } from './use-hash';
import { useProblemWords } from './use-problem-words';

type Opened = ResponseOf<typeof openInvitation>;
type Found = { token: string } & (
  { is: 'open'; invitation: Opened; me: Me | null } | { is: 'gone' } | { is: 'failed'; error: unknown }
);

/** What one is invited to, and the way in: new people choose a name and a password, others prove who they are. */
export function InvitationForm() {
  const words = useTranslations('entry.invitation');
  const errors = useTranslations();
  const problemWords = useProblemWords();
  const token = useHash();
  const [tries, setTries] = useState(0);
  const [latest, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (token) void look(token).then(setFound);
  }, [token, tries]);
  const found = latest?.token === token ? latest : null;

  if (token === null) return null;
  if (token === '') return <EntryNote title={words('gone')}>{words('goneHint')}</EntryNote>;
  if (!found) return <EntryColumn>{null}</EntryColumn>;
  if (found.is === 'gone') return <EntryNote title={words('gone')}>{words('goneHint')}</EntryNote>;
  if (found.is === 'failed')
    return (
      <EntryNote
        title={words('notLoaded')}
        action={
          <Button variant="line" size="lg" onClick={() => setTries(tries + 1)}>
            {errors('common.tryAgain')}
          </Button>
        }
      >
        {problemWords(found.error)}
      </EntryNote>
    );
  return <Accept key={token} token={token} invitation={found.invitation} me={found.me} />;
}

async function look(token: string): Promise<Found> {
  try {
    const { body } = await call(entryRoutes.openInvitation, { body: { token } });
    const me = body.known !== false ? await call(routes.getMe, {}).then((answer) => answer.body, signedOut) : null;
    return { token, is: 'open', invitation: body, me };
  } catch (error) {
    const gone = error instanceof ApiError && ['not_found', 'invitation_gone', 'invalid'].includes(error.code);
    return gone ? { token, is: 'gone' } : { token, is: 'failed', error };
  }
}

function signedOut(error: unknown): null {
  if (error instanceof ApiError && error.code === 'unauthenticated') return null;
  throw error;
}

interface AcceptProps {
  token: string;
  invitation: Opened;
  me: Me | null;
}

function Accept({ token, invitation, me }: AcceptProps) {
  const words = useTranslations('entry.invitation');
  const entry = useTranslations('entry');
  const signInWords = useTranslations('signIn');
  const problemWords = useProblemWords();
  const roleName = useRoleName();
  const [second, setSecond] = useState(false);
  const [name, setName] = useState('');
  const { email, tenant, role } = invitation;
  /** A link does not say: who comes by it does. */
  const [known, setKnown] = useState(invitation.known ?? false);
  const proven = me?.user.email === email;

  const accept = async (newcomer: { name?: string; password?: string } = {}) => {
    const { body } = await call(entryRoutes.acceptInvitation, { body: { token, ...newcomer } });
    if (newcomer.password !== undefined) await signIn(email, newcomer.password);
    const { tenantId } = body;
    if (tenantId) await call(routes.switchTenant, { body: { tenantId } }).catch(() => undefined); // the inbox asks then
    tellTabs('changed');
    window.location.assign(tenantId ? '/inbox' : '/admin');
  };
  const [problem, submit, pending] = useActionState(async (_: unknown, data: FormData): Promise<string | null> => {
    try {
      const [called, password] = [textOf(data, 'name'), textOf(data, 'password')];
      setName(called);
      if (proven) await accept();
      else if (!known) await accept({ name: called, password });
      else {
        const outcome = await signIn(email, password);
        if (outcome === 'second') setSecond(true);
        else if (outcome === 'done') await accept();
        else return signInWords(`problem.${outcome}`);
      }
      return null;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'unauthenticated' && !known) {
        setKnown(true);
        return words('hasLogin');
      }
      return problemWords(error);
    }
  }, null);
  const [late, setLate] = useState<string | null>(null);
  const acceptProven = () => void accept().catch((error: unknown) => (setSecond(false), setLate(problemWords(error))));

  if (second)
    return (
      <EntryColumn>
        <SecondProof onDone={acceptProven} onOver={() => setSecond(false)} />
      </EntryColumn>
    );
  return (
    <EntryForm
      title={tenant === null ? words('titleOfInstall') : words('title', { tenant })}
      hint={words(proven ? 'provenHint' : known ? 'knownHint' : tenant === null ? 'hintOfInstall' : 'hint', {
        role: roleName(role),
        email,
      })}
      problem={problem ?? late}
      action={submit}
      pending={pending}
      submit={words(known && !proven ? 'signInAndAccept' : tenant === null ? 'acceptOfInstall' : 'accept')}
      foot={
        invitation.known === null &&
        !proven && (
          <LinkButton className="justify-self-start" onClick={() => setKnown(!known)}>
            {words(known ? 'isNew' : 'isKnown')}
          </LinkButton>
        )
      }
    >
      {!proven && (
        <Field label={entry('email')} name="email" type="email" autoComplete="username" readOnly value={email} />
      )}
      {!known && !proven && (
        <Field
          label={entry('name')}
          name="name"
          autoComplete="name"
          required
          autoFocus
          maxLength={80}
          defaultValue={name}
          hint={tenant === null ? undefined : words('nameHint')}
        />
      )}
      {!proven && (
        <PasswordField
          label={entry('password')}
          name="password"
          autoComplete={known ? 'current-password' : 'new-password'}
          minLength={known ? undefined : 8}
          maxLength={128}
          autoFocus={known}
          hint={known ? undefined : entry('passwordHint')}
        />
      )}
    </EntryForm>
  );
}

const named = ['agent', 'manager', 'tenant_admin', 'super_admin'] as const;

/** Roles of a tenant's own bring their name; those of everybody are words. */
function useRoleName(): (role: string) => string {
  const words = useTranslations('entry.role');
  return (role) => {
    const known = named.find((one) => one === role);
    return known ? words(known) : role;
  };
}
