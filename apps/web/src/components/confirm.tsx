'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Button } from './button';
import { Dialog } from './dialog';
import { Refused } from './refused';

interface ConfirmProps {
  /** The question. */
  title: string;
  /** What follows, with numbers. */
  description: React.ReactNode;
  /** The verb that repeats the question. */
  act: string;
  danger?: boolean;
  work: () => Promise<unknown>;
  onClose: () => void;
  disabled?: boolean;
  children?: React.ReactNode;
}

/** Asks before what cannot be taken back; closes once it is done, and says why where it is refused. */
export function Confirm({ title, description, act, danger = true, work, onClose, disabled, children }: ConfirmProps) {
  const common = useTranslations('common');
  const { mutate, isPending, error } = useMutation({ mutationFn: work, onSuccess: onClose });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      actions={
        <>
          <Button variant="line" onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button variant={danger ? 'danger' : 'primary'} disabled={isPending || disabled} onClick={() => mutate()}>
            {act}
          </Button>
        </>
      }
    >
      {(children || error) && (
        <div className="grid gap-3 pb-1">
          <Refused error={error} />
          {children}
        </div>
      )}
    </Dialog>
  );
}
