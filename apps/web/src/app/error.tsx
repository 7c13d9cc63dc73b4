'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';

/** A page of ours broke while it was drawn. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const words = useTranslations();
  return (
    <main role="alert" className="grid h-dvh place-items-center bg-sheet">
      <Empty
        icon={CircleAlert}
        title={words('errors.brokenTitle')}
        action={
          <Button variant="line" onClick={reset}>
            {words('common.tryAgain')}
          </Button>
        }
      >
        {words('errors.broken')} {error.digest && <span className="font-mono">{error.digest}</span>}
      </Empty>
    </main>
  );
}
