'use client';

import { useTranslations } from 'next-intl';
import { Button } from './button';
import { CopyLine } from './copy-line';
import { Dialog } from './dialog';

interface OnceDialogProps {
  title: string;
  description: React.ReactNode;
  label: string;
  /** What is shown this once. */
  value: string;
  onClose: () => void;
}

/** A secret that nobody can look up again: it stays until one says that one has it, whatever is pressed beside it. */
export function OnceDialog({ title, description, label, value, onClose }: OnceDialogProps) {
  const words = useTranslations('common');
  return (
    <Dialog
      open
      wide
      closedBy="button"
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      actions={
        <Button variant="primary" onClick={onClose}>
          {words('done')}
        </Button>
      }
    >
      <div className="pb-1">
        <CopyLine label={label} value={value} />
      </div>
    </Dialog>
  );
}
