import { type Glyph, Icon } from './icon';

/** Nothing here, nothing found, or it failed: one sentence, one act. */
export function Empty({
  icon,
  title,
  page = false,
  children,
  action,
}: {
  icon: Glyph;
  title: string;
  /** There is nothing else: its title is the page's. */
  page?: boolean;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  const Title = page ? 'h1' : 'b';
  return (
    <div className="grid justify-items-center gap-1 px-6 py-8 text-center text-ink-3">
      <Icon of={icon} size={24} className="mb-2" />
      <Title className="text-body font-semibold text-ink">{title}</Title>
      {children && <div className="max-w-[48ch] text-pretty">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}
