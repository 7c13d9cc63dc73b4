'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';

/** A page of ours broke while it was drawn. Trying again is a whole new page: what broke may be a part that is gone for good. */
export default function PageError({ error }: { error: Error & { digest?: string } }) {
  const words = useTranslations();
  return (
    <main role="alert" className="grid h-dvh place-items-center bg-sheet">
      <Empty
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
