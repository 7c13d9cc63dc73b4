'use client';

import type { Template } from '@parley/contracts/accounts';
import type { OutboundContent } from '@parley/contracts/content';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, LayoutTemplate } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { Skeleton } from '@/components/skeleton';
import { ApiError } from '@parley/client/api-error';
import { useRemembered } from '@/lib/remembered';
import { recentTemplates, withRecent } from './recent-templates';
import { recentFirst, templateKey } from './template-fill';
import { TemplateForm } from './template-form';
import { TemplateList } from './template-list';
import { templatesQuery } from './template-queries';

interface TemplatePickerProps {
  accountId: string;
  /** As it stands in the contact, for what can be filled in by itself; null: not known. */
  contactName?: string | null;
  /** `shown`: the text as the customer will read it. */
  onSend: (content: Extract<OutboundContent, { type: 'template' }>, shown: string) => void;
  /** Escape in the list. */
  onEscape?: () => void;
}

/**
 * Choosing a template and filling it in, by keyboard: Enter takes the highlighted one, puts the cursor into the first
 * value that is missing, goes on to the next, and sends from the last.
 */
export function TemplatePicker({ accountId, contactName = null, onSend, onEscape }: TemplatePickerProps) {
  const t = useTranslations('composer.template');
  const common = useTranslations('common');
  const templates = useQuery(templatesQuery(accountId));
  const [chosen, setChosen] = useState<Template | null>(null);
  const [recent, setRecent] = useRemembered(recentTemplates);

  if (templates.isPending) return <PickerSkeleton />;
  if (templates.isError) {
    return (
      <Empty
        icon={CircleAlert}
        title={t('failed')}
        action={
          <Button variant="line" onClick={() => void templates.refetch()}>
            {common('tryAgain')}
          </Button>
        }
      >
        {t('failedHint')}{' '}
        <CorrelationId id={templates.error instanceof ApiError ? templates.error.correlationId : null} />
      </Empty>
    );
  }
  if (templates.data.length === 0) {
    return (
      <Empty icon={LayoutTemplate} title={t('none')}>
        {t('noneHint')}
      </Empty>
    );
  }
  if (chosen)
    return (
      <TemplateForm
        key={`${chosen.name}:${chosen.language}`}
        template={chosen}
        contactName={contactName}
        onBack={() => setChosen(null)}
        onSend={(content, shown) => {
          setRecent(withRecent(recent, accountId, templateKey(chosen)));
          onSend(content, shown);
        }}
      />
    );
  return (
    <TemplateList
      templates={recentFirst(templates.data, recent[accountId] ?? [])}
      onPick={setChosen}
      onEscape={onEscape}
    />
  );
}

function PickerSkeleton() {
  return (
    <div className="grid gap-2 p-3" aria-busy>
      <Skeleton className="h-8" />
      <Skeleton className="h-10" />
      <Skeleton className="h-10" />
    </div>
  );
}
