'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CopyLine } from '@/components/copy-line';
import { Field } from '@/components/field';
import { normalised } from '@/features/conversations/phone-number';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';
import { Fold } from './fold';

/** For who has no camera at hand: a code to type on the phone. `shown`: one that came along with the picture. */
export function PairByCode({ accountId, shown }: { accountId: string; shown: string | null }) {
  const words = useTranslations('accounts.scan');
  const [phone, setPhone] = useState('');
  const [tried, setTried] = useState(false);
  const number = normalised(phone);
  const ask = useMutation({
    mutationFn: async (to: string) =>
      (await call(routes.pairAccount, { params: { id: accountId }, body: { phone: to } })).body.code,
  });
  const code = shown ?? ask.data;
  return (
    <Fold title={words('or')} open={code !== undefined}>
      <form
        noValidate
        className="flex items-start gap-2 pt-3"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (number !== null) ask.mutate(number);
        }}
      >
        <Field
          className="flex-1"
          label={words('phone')}
          hint={words('phoneHint')}
          error={tried && number === null ? words('phoneError') : ask.error?.message}
          type="tel"
          inputMode="tel"
          autoComplete="off"
          dir="ltr"
          value={phone}
          onChange={(event) => setPhone(event.target.value)}
        />
        <Button type="submit" variant="line" size="lg" className="mt-[26px]" disabled={ask.isPending}>
          {words('ask')}
        </Button>
      </form>
      {code !== undefined && (
        <div className="grid gap-2 pt-3">
          <CopyLine big label={words('code')} value={`${code.slice(0, 4)}-${code.slice(4)}`} />
          <p className="text-ink-2" role="status">
            {words('typeIt')}
          </p>
        </div>
      )}
    </Fold>
  );
}
