'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { RecoveryCodes } from '@/features/entry/recovery-codes';
import { askAuth, useAuthForm } from '@/features/entry/use-auth-form';
import { PasswordField } from '@/features/sign-in/password-field';
import { textOf } from '@/features/sign-in/sign-in';

/** Other recovery codes; those before stop working. */
export function NewRecoveryCodes({ onClose }: { onClose: () => void }) {
  const words = useTranslations('settings.secondProof');
  const [codes, setCodes] = useState<string[] | null>(null);
  return (
    <ByPassword
      title={words('newCodes')}
      hint={words('newCodesHint')}
      act={words('newCodesAct')}
      onClose={onClose}
      work={async (password) => {
        const answer = await askAuth('two-factor/generate-backup-codes', { password });
        setCodes((answer as { backupCodes: string[] }).backupCodes);
      }}
    >
      {codes && (
        <>
          <RecoveryCodes codes={codes} />
          <Button variant="primary" onClick={onClose}>
            {words('done')}
          </Button>
        </>
      )}
    </ByPassword>
  );
}

export function TurnOff({ onClose }: { onClose: () => void }) {
  const words = useTranslations('settings.secondProof');
  return (
    <ByPassword
      title={words('turnOffTitle')}
      hint={words('turnOffHint')}
      act={words('turnOff')}
      onClose={onClose}
      work={async (password) => {
        await askAuth('two-factor/disable', { password });
        onClose();
      }}
    />
  );
}

interface ByPasswordProps {
  title: string;
  hint: string;
  act: string;
  work: (password: string) => Promise<void>;
  onClose: () => void;
  /** What came of it, in the form's place: shown this once. */
  children?: React.ReactNode;
}

/** Something that takes one's password again, so that nobody does it at an unattended screen. */
function ByPassword({ title, hint, act, work, onClose, children }: ByPasswordProps) {
  const words = useTranslations('entry.secondProof');
  const common = useTranslations('common');
  const { problem, submit, pending } = useAuthForm((data) => work(textOf(data, 'password')));
  const closedBy = pending ? 'none' : children ? 'button' : 'any';
  return (
    <Dialog open closedBy={closedBy} onOpenChange={(open) => !open && onClose()} title={title} description={hint}>
      {children ? (
        <div className="grid gap-4">{children}</div>
      ) : (
        <form action={submit} className="grid gap-4">
          <div role="alert" className="empty:hidden">
            {problem && (
              <Banner tone="danger" icon={CircleAlert}>
                {problem}
              </Banner>
            )}
          </div>
          <PasswordField label={words('password')} name="password" autoComplete="current-password" autoFocus />
          <div className="flex justify-end gap-2">
            <Button variant="line" disabled={pending} onClick={onClose}>
              {common('cancel')}
            </Button>
            <Button type="submit" variant="primary" disabled={pending}>
              {act}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
