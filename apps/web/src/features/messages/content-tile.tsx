import type { LucideIcon } from 'lucide-react';
import { Icon } from '@/components/icon';

/** What is no text: a sign, its name, one line about it. `action` is its one act. */
export function ContentTile({
  icon,
  name,
  detail,
  action,
  title,
}: {
  icon: LucideIcon;
  name: string;
  detail?: React.ReactNode;
  action?: React.ReactNode;
  /** More about it, for who looks closer. */
  title?: string | undefined;
}) {
  return (
    <span className="flex w-[250px] min-w-full max-w-full items-center gap-2.5 py-px" title={title}>
      <span className="grid size-9 flex-none place-items-center rounded-3 bg-press text-ink-2">
        <Icon of={icon} size={18} />
      </span>
      <span className="min-w-0 flex-1">
        <b className="block truncate font-medium" title={name} dir="auto">
          {name}
        </b>
        {(detail || action) && (
          <small className="num block text-meta text-ink-2">
            {detail}
            {detail && action ? ' · ' : null}
            {action}
          </small>
        )}
      </span>
    </span>
  );
}

/** `save`: keeps what it leads to, under that name. */
export function TileLink({ href, save, children }: { href: string; save?: string; children: React.ReactNode }) {
  return (
    <a
      href={href}
      download={save}
      target={href.startsWith('http') ? '_blank' : undefined}
      rel="noopener noreferrer nofollow"
      className="reach rounded-1 font-medium text-accent-ink underline-offset-2 hover:underline"
    >
      {children}
    </a>
  );
}
