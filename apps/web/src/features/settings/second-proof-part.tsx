'use client';

import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleDashed } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { Icon } from '@/components/icon';
import { AuthenticatorSetup } from '@/features/entry/authenticator-setup';
import { meQuery } from '@/features/session/queries';
import { NewRecoveryCodes, TurnOff } from './second-proof-acts';
import { Part } from './section-head';

/** Whether one proves oneself twice, and what one can do about it. */
export function SecondProofPart({ on }: { on: boolean }) {
  const words = useTranslations('settings.secondProof');
  const client = useQueryClient();
  const [doing, setDoing] = useState<'set-up' | 'codes' | 'off' | null>(null);
  const stop = () => {
    setDoing(null);
    void client.refetchQueries(meQuery);
  };
  return (
    <Part
      title={words('title')}
      hint={words('hint')}
      action={
        on ? (
          <div className="flex flex-wrap gap-2">
            <Button variant="line" onClick={() => setDoing('codes')}>
              {words('newCodes')}
            </Button>
            <Button variant="line" onClick={() => setDoing('off')}>
              {words('turnOff')}
            </Button>
          </div>
        ) : (
          <Button variant="line" onClick={() => setDoing('set-up')}>
            {words('setUp')}
          </Button>
        )
      }
    >
      <p className="flex items-center gap-2 font-medium">
        <Icon of={on ? CircleCheck : CircleDashed} className={on ? 'text-ok-ink' : 'text-ink-3'} />
        {words(on ? 'on' : 'off')}
      </p>
      {doing === 'set-up' && (
        <Dialog open closedBy="button" onOpenChange={(open) => !open && stop()} title={words('setUp')}>
          <AuthenticatorSetup done={words('done')} onDone={stop} />
        </Dialog>
      )}
      {doing === 'codes' && <NewRecoveryCodes onClose={stop} />}
      {doing === 'off' && <TurnOff onClose={stop} />}
    </Part>
  );
}
