import { cx } from './cx';

interface AvailabilityMarkProps {
  away: boolean;
  /** The surface that it stands on. */
  ground?: string;
}

/** On the edge of a face: a green disc is here, an empty ring is away. Decoration: what holds it says so in words. */
export function AvailabilityMark({ away, ground = 'bg-canvas' }: AvailabilityMarkProps) {
  return (
    <span
      aria-hidden
      className={cx('absolute -end-0.5 -bottom-0.5 grid size-3 place-items-center rounded-full', ground)}
    >
      <span className={cx('size-2 rounded-full', away ? 'border-2 border-ink-3' : 'bg-ok')} />
    </span>
  );
}
