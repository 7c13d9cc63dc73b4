import { ChevronRight } from 'lucide-react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';

interface FoldProps {
  title: string;
  open?: boolean;
  /** It heads a part of the page. */
  strong?: boolean;
  onOpen?: () => void;
  children: React.ReactNode;
}

/** What few need, one click away. */
export function Fold({ title, open, strong = false, onOpen, children }: FoldProps) {
  return (
    <details open={open} className="group" onToggle={({ currentTarget }) => currentTarget.open && onOpen?.()}>
      <summary
        className={cx(
          '-ms-1 flex w-fit cursor-pointer list-none items-center gap-1 rounded-1 py-0.5 pe-1 pointer-coarse:min-h-11 [&::-webkit-details-marker]:hidden',
          strong ? 'font-semibold' : 'font-medium',
        )}
      >
        <Icon of={ChevronRight} className="text-ink-3 transition-transform duration-[90ms] group-open:rotate-90" />
        {title}
      </summary>
      {children}
    </details>
  );
}
