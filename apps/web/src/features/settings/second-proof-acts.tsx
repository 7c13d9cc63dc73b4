'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { RecoveryCodes } from '@/features/entry/recovery-codes';
import { askAuth } from '@/features/entry/use-auth-form';
import { ByPassword } from './by-password';

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
