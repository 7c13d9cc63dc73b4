import type { LucideIcon } from 'lucide-react';
import { Icon } from '@/components/icon';

/** What is no text: a sign, its name, one line about it. `action` is its one act. */
export function ContentTile({
  icon,
  name,
  detail,
  action,
}: {
  icon: LucideIcon;
  name: string;
  detail?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <span className="flex w-[250px] min-w-full max-w-full items-center gap-2.5 py-px">
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
