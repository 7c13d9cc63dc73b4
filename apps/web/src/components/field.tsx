import { useId } from 'react';
import { cx } from './cx';

interface FieldProps extends Omit<React.ComponentPropsWithRef<'input'>, 'size'> {
  label: string;
  /** Beside the label, at the right. */
  aside?: React.ReactNode;
  /** Inside the field, after the text. */
  tail?: React.ReactNode;
  hint?: React.ReactNode;
  error?: string | null;
}

/** A labelled line of text, 40 high. */
export function Field({ label, aside, tail, hint, error, className, ...input }: FieldProps) {
  const id = useId();
  return (
    <div className={cx('grid gap-1.5', className)}>
      <div className="flex items-baseline">
        <label htmlFor={id} className="flex-1 text-ui font-medium">
          {label}
        </label>
        {aside}
      </div>
      <div className={cx(fieldClass, 'h-10 px-3', error && fieldErrorClass)}>
        <input
          id={id}
          className="min-w-0 flex-1 bg-transparent text-body outline-none pointer-coarse:text-field"
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-hint` : undefined}
          {...input}
        />
        {tail}
      </div>
      {(error || hint) && (
        <p id={`${id}-hint`} className={cx('text-meta', error ? 'text-danger-ink' : 'text-ink-3')}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** Edge and focus of whatever one types into. */
export const fieldClass =
  'flex items-center gap-2 rounded-2 border border-line-strong bg-sheet text-ink focus-within:border-focus focus-within:shadow-[0_0_0_1px_var(--focus)]';

/** The same where what stands in it will not do. */
export const fieldErrorClass = '!border-danger not-focus-within:shadow-[0_0_0_1px_var(--danger)]';
