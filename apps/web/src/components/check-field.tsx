import { useId } from 'react';
import { cx } from './cx';

interface CheckFieldProps extends Omit<React.ComponentPropsWithRef<'input'>, 'type' | 'size'> {
  label: React.ReactNode;
  hint?: React.ReactNode;
  /** One of several. */
  radio?: boolean;
}

/** On or off, or one of several, with the whole line to press. */
export function CheckField({ label, hint, radio = false, className, ...input }: CheckFieldProps) {
  const id = useId();
  return (
    <label
      className={cx(
        'flex min-h-8 items-start gap-2.5 rounded-2 py-1.5 has-disabled:opacity-60 pointer-coarse:min-h-11 pointer-coarse:py-3',
        className,
      )}
    >
      <input
        type={radio ? 'radio' : 'checkbox'}
        aria-describedby={hint ? id : undefined}
        className="mt-0.5 size-4 flex-none accent-(--accent)"
        {...input}
      />
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint && (
          <span id={id} className="block text-meta text-pretty text-ink-3">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
