import type { Glyph } from './icon';

/**
 * Drawn as Lucide draws, without its library: what every page carries, for when it breaks or is not found, would bring
 * that a second time.
 */
export function PageGlyph({ size, className, children }: React.ComponentProps<Glyph>) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
      className={className}
    >
      {children}
    </svg>
  );
}
