'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import type { Glyph } from '@/components/icon';

/** A page of ours broke while it was drawn. Trying again is a whole new page: what broke may be a part that is gone for good. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  const words = useTranslations();
  return (
    <main role="alert" className="grid h-dvh place-items-center bg-sheet">
      <Empty
        page
        icon={CircleAlert}
        title={words('errors.brokenTitle')}
        action={
          <Button variant="line" onClick={() => window.location.reload()}>
            {words('common.tryAgain')}
          </Button>
        }
      >
        {words('errors.broken')} {error.digest && <span className="font-mono">{error.digest}</span>}
      </Empty>
    </main>
  );
}

/** Lucide's, drawn here: every page carries this one, and the library's way of drawing would double it. */
function CircleAlert({ size, className }: React.ComponentProps<Glyph>) {
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
      <circle cx="12" cy="12" r="10" />
      <path d="M12 8v4M12 16h.01" />
    </svg>
  );
}
