import { cx } from './cx';

/** A key, as printed on it. */
export function Kbd({ children, inverse = false }: { children: React.ReactNode; inverse?: boolean }) {
  return (
    <kbd
      className={cx(
        'inline-grid h-[18px] min-w-[18px] flex-none place-items-center rounded-1 border px-1 font-sans text-micro font-medium',
        inverse ? 'border-current/35' : 'border-line bg-sheet text-ink-3',
      )}
    >
      {children}
    </kbd>
  );
}
