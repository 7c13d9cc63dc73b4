'use client';

import { CircleAlert } from 'lucide-react';
import { Banner } from '@/components/banner';
import { Button } from '@/components/button';

interface EntryFormProps {
  title: string;
  hint?: React.ReactNode;
  /** What stood in the way the last time. */
  problem: string | null;
  action: (data: FormData) => void;
  pending: boolean;
  submit: string;
  children?: React.ReactNode;
  foot?: React.ReactNode;
}

/** One question of a way in: what it is, what stood in the way, its fields, its one button. */
export function EntryForm({ title, hint, problem, action, pending, submit, children, foot }: EntryFormProps) {
  return (
    <EntryColumn>
      <form action={action} className="grid gap-4">
        <h1 className="text-display text-balance">{title}</h1>
        {hint && <div className="text-pretty text-ink-2">{hint}</div>}
        <div role="alert" className="empty:hidden">
          {problem && (
            <Banner tone="danger" icon={CircleAlert}>
              {problem}
            </Banner>
          )}
        </div>
        {children}
        <Button type="submit" variant="primary" size="lg" className="mt-1 w-full" disabled={pending}>
          {submit}
        </Button>
        {foot}
      </form>
    </EntryColumn>
  );
}

/** Something that is said and asks nothing, with at most one way on. */
export function EntryNote({
  title,
  children,
  action,
}: {
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <EntryColumn>
      <div role="status" className="grid gap-4">
        <h1 className="text-display text-balance">{title}</h1>
        {children && <div className="text-pretty text-ink-2">{children}</div>}
      </div>
      {action && <div className="mt-5 grid">{action}</div>}
    </EntryColumn>
  );
}

/** Where the eye rests on a page of this kind. */
export function EntryColumn({ children }: { children: React.ReactNode }) {
  return (
    <div className="mx-auto grid min-h-0 w-full max-w-[344px] flex-1 grid-rows-[minmax(32px,2fr)_auto_minmax(32px,5fr)] max-md:grid-rows-[24px_auto_1fr]">
      <div className="row-start-2 min-w-0">{children}</div>
    </div>
  );
}
