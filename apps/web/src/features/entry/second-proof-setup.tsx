'use client';

import { useTranslations } from 'next-intl';
import { AuthenticatorSetup } from './authenticator-setup';
import { EntryColumn } from './entry-form';

/** For who is asked for a second proof by their tenant, and has none yet. */
export function SecondProofSetup() {
  const words = useTranslations('entry.secondProof');
  return (
    <EntryColumn>
      <h1 className="mb-2 text-display">{words('title')}</h1>
      <p className="mb-4 text-pretty text-ink-2">{words('hint')}</p>
      <AuthenticatorSetup done={words('toInbox')} onDone={() => window.location.assign('/inbox')} />
    </EntryColumn>
  );
}
