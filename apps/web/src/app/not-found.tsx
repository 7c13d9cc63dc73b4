import { useTranslations } from 'next-intl';
import { buttonClass } from '@/components/button';
import { Empty } from '@/components/empty';
import type { Glyph } from '@/components/icon';
import { PageGlyph } from '@/components/page-glyph';

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

function SearchX(props: React.ComponentProps<Glyph>) {
  return (
    <PageGlyph {...props}>
      <circle cx="11" cy="11" r="8" />
      <path d="m21 21-4.3-4.3M13.5 8.5l-5 5M8.5 8.5l5 5" />
    </PageGlyph>
  );
}
