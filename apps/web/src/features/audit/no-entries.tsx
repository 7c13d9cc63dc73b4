'use client';

import { List } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Empty } from '@/components/empty';

/** Instead of an audit log's rows. */
export function NoEntries({ filtered }: { filtered: boolean }) {
  const words = useTranslations('audit');
  return (
    <div className="border-t border-line">
      <Empty icon={List} title={words(filtered ? 'noneFound' : 'none')}>
        {words(filtered ? 'noneFoundHint' : 'noneHint')}
      </Empty>
    </div>
  );
}
