'use client';

import { useTranslations } from 'next-intl';
import { useId, useRef } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';
import { Refused } from './refused';

interface FormDialogProps {
  title: string;
  description?: React.ReactNode;
  submit: string;
  pending: boolean;
  error: Error | null;
  /** Something is still to be chosen. */
  disabled?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: React.ReactNode;
}

/**
 * A form over the page: what was refused stands above its fields, what was typed stays. While it is sent it cannot be
 * closed: what comes of it may be a secret that is shown this once.
 */
export function FormDialog({
  title,
  description,
  submit,
  pending,
  error,
  disabled,
  onSubmit,
  onClose,
  children,
}: FormDialogProps) {
  const common = useTranslations('common');
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  return (
    <Dialog
      open
      wide
      closedBy={pending ? 'none' : 'any'}
      initialFocus={() => form.current?.querySelector<HTMLElement>('input, select, textarea')}
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      actions={
        <>
          <Button variant="line" disabled={pending} onClick={onClose}>
            {common('cancel')}
          </Button>
          <Button type="submit" form={id} variant="primary" disabled={pending || disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={id}
        className="grid gap-4 pb-1"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <Refused error={error} />
        {children}
      </form>
    </Dialog>
  );
}
