'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CheckField } from '@/components/check-field';
import { say } from '@/components/toast';
import { askAuth, useAuthForm } from '@/features/entry/use-auth-form';
import { PasswordField } from '@/features/sign-in/password-field';
import { textOf } from '@/features/sign-in/sign-in';
import { Banner } from '@/components/banner';
import { CircleAlert } from 'lucide-react';
import { useQueryClient } from '@tanstack/react-query';
import { teamKeys } from '@/features/team/queries';
import { Part } from './section-head';

/** Another password, by the one that one has. */
export function ChangePassword() {
  const words = useTranslations('settings.you');
  const entry = useTranslations('entry');
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const { problem, submit, pending } = useAuthForm(async (data) => {
    await askAuth('change-password', {
      currentPassword: textOf(data, 'current'),
      newPassword: textOf(data, 'next'),
      revokeOtherSessions: data.get('others') === 'on',
    });
    say(words('passwordChanged'));
    setOpen(false);
    await client.invalidateQueries({ queryKey: teamKeys.places });
  });
  return (
    <Part
      title={words('password')}
      hint={words('passwordHint')}
      action={
        !open && (
          <Button variant="line" onClick={() => setOpen(true)}>
            {words('changePassword')}
          </Button>
        )
      }
    >
      {open && (
        <form action={submit} className="grid max-w-[344px] gap-4">
          <div role="alert" className="empty:hidden">
            {problem && (
              <Banner tone="danger" icon={CircleAlert}>
                {problem}
              </Banner>
            )}
          </div>
          <PasswordField label={words('current')} name="current" autoComplete="current-password" autoFocus />
          <PasswordField
            label={entry('newPassword.new')}
            name="next"
            autoComplete="new-password"
            minLength={8}
            maxLength={128}
            hint={entry('passwordHint')}
          />
          <CheckField name="others" defaultChecked label={words('others')} />
          <div className="flex gap-2">
            <Button type="submit" variant="primary" disabled={pending}>
              {entry('newPassword.save')}
            </Button>
            <Button onClick={() => setOpen(false)}>{words('cancel')}</Button>
          </div>
        </form>
      )}
    </Part>
  );
}
