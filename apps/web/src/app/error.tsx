'use client';

import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import type { Glyph } from '@/components/icon';
import { PageGlyph } from '@/components/page-glyph';

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

function CircleAlert(props: React.ComponentProps<Glyph>) {
  return (
    <PageGlyph {...props}>
      <circle cx="12" cy="12" r="10" />
      <path d="M12 8v4M12 16h.01" />
    </PageGlyph>
  );
}
