'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';
import { Dialog } from '@/components/dialog';
import { useAuthForm } from '@/features/entry/use-auth-form';
import { PasswordField } from '@/features/sign-in/password-field';
import { textOf } from '@/features/sign-in/sign-in';

interface ByPasswordProps {
  title: string;
  hint: string;
  act: string;
  work: (password: string) => Promise<void>;
  /** Words for what else may stand in the way. */
  problemOf?: (error: unknown) => string | null;
  onClose: () => void;
  /** What came of it, in the form's place: shown this once. */
  children?: React.ReactNode;
}

/** Something that takes one's password again, so that nobody does it at an unattended screen. */
export function ByPassword({ title, hint, act, work, problemOf, onClose, children }: ByPasswordProps) {
  const words = useTranslations('entry.secondProof');
  const common = useTranslations('common');
  const { problem, submit, pending } = useAuthForm((data) => work(textOf(data, 'password')), problemOf);
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
