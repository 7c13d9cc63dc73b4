import { cx } from './cx';
import { hueStyle } from './hue';

/**
 * What fills a tenant's mark: its logo, over its letter, which is seen where there is none. Decoration: the mark says the name.
 * `hue`: of the letter's ground; null: ink.
 */
export function TenantFace({ name, hue, logo }: { name: string; hue: number | null; logo: string | null }) {
  return (
    <span
      aria-hidden
      style={hue === null ? undefined : hueStyle(hue)}
      className={cx(
        'relative grid size-full place-items-center rounded-[inherit]',
        logo ? 'bg-sheet text-ink shadow-[0_0_0_1px_var(--line)]' : hue === null ? 'bg-ink text-pane' : 'tinted',
      )}
    >
      {Array.from(name)[0]?.toLocaleUpperCase()}
      {logo && (
        // A data address: square, on a ground of its own.
        <img src={logo} alt="" draggable={false} className="absolute inset-0 size-full rounded-[inherit]" />
      )}
    </span>
  );
}
