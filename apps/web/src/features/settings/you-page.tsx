'use client';

import { useTranslations } from 'next-intl';
import { Avatar } from '@/components/avatar';
import { useMe } from '@/features/session/queries';
import { ChangePassword } from './change-password';
import { LanguagePart } from './language-part';
import { PasskeysPart } from './passkeys-part';
import { SecondProofPart } from './second-proof-part';
import { SectionHead } from './section-head';
import { SignInPlaces } from './sign-in-places';

/** One's own name, language, password, second proof, passkeys, and where one is signed in. */
export function YouPage() {
  const words = useTranslations('settings.you');
  const me = useMe();
  if (!me) return null;
  return (
    <>
      <SectionHead title={words('title')} />
      <div className="flex items-center gap-3 pb-8">
        <Avatar id={me.memberId ?? me.user.id} name={me.user.name} size={44} />
        <div className="min-w-0">
          <p className="truncate text-body font-medium">{me.user.name}</p>
          <p className="truncate text-ink-3">{me.user.email}</p>
        </div>
      </div>
      {!me.impersonation && <LanguagePart chosen={me.user.language} />}
      {me.impersonation && <p className="pb-8 text-ink-2">{words('notYours')}</p>}
      {me.byCompany && <p className="pb-8 text-ink-2">{words('byCompany')}</p>}
      {!me.impersonation && !me.byCompany && (
        <>
          <ChangePassword />
          <SecondProofPart on={me.user.twoFactor} />
          <PasskeysPart />
        </>
      )}
      {!me.byCompany && <SignInPlaces />}
    </>
  );
}
