import { SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { buttonClass } from '@/components/button';
import { Empty } from '@/components/empty';

export default function NotFound() {
  const words = useTranslations('errors');
  return (
    <main className="grid h-dvh place-items-center bg-sheet">
      <Empty
        page
        icon={SearchX}
        title={words('notFoundTitle')}
        action={
          <a href="/inbox" className={buttonClass('line')}>
            {words('toInbox')}
          </a>
        }
      >
        {words('notFound')}
      </Empty>
    </main>
  );
}
