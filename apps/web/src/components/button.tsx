import { cx } from './cx';

const variants = {
  ghost: 'text-ink hover:bg-hover active:bg-press',
  line: 'bg-sheet shadow-edge text-ink hover:bg-hover active:bg-press',
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  danger: 'bg-danger text-on-accent',
  ink: 'bg-ink text-pane',
} as const;

const sizes = {
  sm: 'h-7 gap-1 px-2 text-meta',
  md: 'h-8 gap-1.5 px-3 text-ui',
  lg: 'h-10 gap-2 px-4 text-body',
  touch: 'h-11 gap-2 px-4 text-body',
} as const;

export interface ButtonProps extends React.ComponentPropsWithRef<'button'> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
}

/** One primary per screen. */
export function Button({ variant = 'ghost', size = 'md', className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={cx(buttonClass(variant, size), className)} {...rest} />;
}

/** The same look for what is no `<button>`: links, triggers. */
export function buttonClass(variant: keyof typeof variants = 'ghost', size: keyof typeof sizes = 'md'): string {
  return cx(
    'inline-flex flex-none items-center justify-center rounded-2 font-medium whitespace-nowrap transition-[background-color] duration-[90ms] disabled:opacity-50',
    variants[variant],
    sizes[size],
  );
}

/** A verb inside a sentence or beside one. */
export function LinkButton({
  tone = 'accent',
  className,
  type = 'button',
  ...rest
}: React.ComponentPropsWithRef<'button'> & { tone?: 'accent' | 'danger' | 'quiet' }) {
  const tones = { accent: 'text-accent-ink', danger: 'text-danger-ink', quiet: 'text-ink-3' };
  return (
    <button
      type={type}
      className={cx(
        'reach rounded-1 font-medium underline-offset-2 hover:underline disabled:opacity-50',
        tones[tone],
        className,
      )}
      {...rest}
    />
  );
}
