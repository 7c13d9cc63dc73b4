import type { LucideProps } from 'lucide-react';

/** What draws an icon: lucide's own, or something of ours that takes the same. */
export type Glyph = React.ComponentType<LucideProps>;

/** 12 in chips, 14 inline, 16 controls, 18 composer, 20 rail, 24 empty states and mobile. */
export type IconSize = 12 | 14 | 16 | 18 | 20 | 24;

/** An icon of one optical weight at every size. Decoration: what it stands for is said beside it. */
export function Icon({ of: Glyph, size = 16, className }: { of: Glyph; size?: IconSize; className?: string }) {
  return (
    <Glyph size={size} strokeWidth={1.4} absoluteStrokeWidth aria-hidden className={`flex-none ${className ?? ''}`} />
  );
}
