import { cx } from '@/components/cx';
import { hueOf, hueStyle } from '@/components/hue';

/** A tenant's letter on its hue. Decoration: the name stands beside it. */
export function TenantTile({ id, name, quiet = false }: { id: string; name: string; quiet?: boolean }) {
  return (
    <span
      aria-hidden
      style={hueStyle(hueOf(id))}
      className={cx(
        'grid size-8 flex-none place-items-center rounded-3 font-semibold tinted select-none',
        quiet && 'saturate-[.15]',
      )}
    >
      {Array.from(name)[0]?.toLocaleUpperCase()}
    </span>
  );
}
