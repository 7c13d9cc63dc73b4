import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { cx } from './cx';
import { fieldClass } from './field';
import { Icon } from './icon';

interface SelectFieldProps extends Omit<React.ComponentPropsWithRef<'select'>, 'size'> {
  label: string;
  hint?: React.ReactNode;
  /** 32 high, its label for readers alone: a filter above a list. */
  quiet?: boolean;
}

/** One of a few, by the platform's own list: the same on every device and by keyboard. */
export function SelectField({ label, hint, quiet = false, className, children, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className={cx('grid gap-1.5', className)}>
      <label htmlFor={id} className={quiet ? 'sr-only' : 'font-medium'}>
        {label}
      </label>
      <div className={cx(fieldClass, 'relative', quiet ? 'h-8 pointer-coarse:h-11' : 'h-10')}>
        <select
          id={id}
          aria-describedby={hint ? `${id}-hint` : undefined}
          className={cx(
            'h-full w-full min-w-0 cursor-pointer appearance-none truncate bg-transparent ps-3 pe-8 outline-none pointer-coarse:text-field [&>*]:bg-raised',
            quiet ? 'text-ui' : 'text-body',
          )}
          {...select}
        >
          {children}
        </select>
        <Icon of={ChevronDown} className="pointer-events-none absolute end-2.5 text-ink-2" />
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-meta text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
