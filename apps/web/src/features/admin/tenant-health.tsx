'use client';

import type { Tenant } from '@parley/contracts/tenants';
import { CircleCheck, type LucideIcon, Pause, Trash2, TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';

/** How a tenant is, in words with a sign: what keeps it closed, else what needs somebody. */
export function TenantHealth({ tenant: { status, deletesAt, health, usage } }: { tenant: Tenant }) {
  const words = useTranslations('admin.health');
  const format = useFormatter();
  const line = (icon: LucideIcon, tone: string, text: string) => (
    <span className="flex min-w-0 items-start gap-2">
      <Icon of={icon} className={cx('mt-0.5', tone)} />
      <span className="min-w-0">{text}</span>
    </span>
  );
  if (status === 'deleting' && deletesAt)
    return line(
      Trash2,
      'text-danger-ink',
      words('deleting', { day: format.dateTime(new Date(deletesAt), { dateStyle: 'medium' }) }),
    );
  if (status === 'suspended') return line(Pause, 'text-ink-2', words('suspended'));
  const needs = [
    health.troubledAccounts > 0 && words('troubled', { count: health.troubledAccounts, all: usage.accounts }),
    health.deadLetters > 0 && words('dead', { count: health.deadLetters }),
  ].filter((part) => typeof part === 'string');
  if (needs.length > 0) return line(TriangleAlert, 'text-warn-ink', needs.join(', '));
  return line(CircleCheck, 'text-ok-ink', words(usage.accounts === 0 ? 'empty' : 'well'));
}
