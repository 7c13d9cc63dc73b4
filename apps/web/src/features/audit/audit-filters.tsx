'use client';

import { auditActions } from '@parley/contracts/audit-actions';
import type { AuditAction, AuditFilter } from '@parley/contracts/audit';
import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/button';
import { SelectField } from '@/components/select-field';
import { cx } from '@/components/cx';
import { fieldClass } from '@/components/field';
import { useMembers } from '@/features/members/queries';
import { useActionWords } from './use-action-words';

/** What one looks for: days as the reader's own calendar has them. */
export interface AuditView {
  action?: AuditAction;
  actor?: string;
  from?: string;
  until?: string;
}

export function filterOfView({ action, actor, from, until }: AuditView): AuditFilter {
  return {
    ...(action && { action }),
    ...(actor && { actor }),
    ...(from && { from: dayBegins(from, 0) }),
    ...(until && { until: dayBegins(until, 1) }), // that day too
  };
}

function dayBegins(day: string, plus: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + plus).toISOString();
}

interface AuditFiltersProps {
  view: AuditView;
  onChange: (view: AuditView) => void;
  /** Its people are members of a tenant. */
  byMember?: boolean;
}

export function AuditFilters({ view, onChange, byMember = false }: AuditFiltersProps) {
  const words = useTranslations('audit');
  const actionWords = useActionWords();
  const set = (part: AuditView) => onChange({ ...view, ...part });
  return (
    <div role="group" aria-label={words('filters')} className="flex flex-wrap items-center gap-2 pb-3">
      <SelectField
        quiet
        className="w-[200px] max-md:w-full"
        label={words('filter.action')}
        value={view.action ?? ''}
        onChange={(event) => set({ action: (event.target.value || undefined) as AuditAction | undefined })}
      >
        <option value="">{words('filter.everyAction')}</option>
        {auditActions.map((action) => (
          <option key={action} value={action}>
            {actionWords(action)}
          </option>
        ))}
      </SelectField>
      {byMember && <ActorField value={view.actor} onChange={(actor) => set({ actor })} />}
      <DayField label={words('filter.from')} value={view.from} onChange={(from) => set({ from })} />
      <DayField label={words('filter.until')} value={view.until} onChange={(until) => set({ until })} />
      {Object.values(view).some(Boolean) && (
        <LinkButton onClick={() => onChange({})}>{words('filter.clear')}</LinkButton>
      )}
    </div>
  );
}

function ActorField({ value, onChange }: { value?: string; onChange: (actor: string | undefined) => void }) {
  const words = useTranslations('audit');
  const members = useMembers();
  return (
    <SelectField
      quiet
      className="w-[180px] max-md:w-full"
      label={words('filter.actor')}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{words('filter.everybody')}</option>
      {members.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

function DayField({
  label,
  value,
  onChange,
}: {
  label: string;
  value?: string;
  onChange: (day: string | undefined) => void;
}) {
  return (
    <label className={cx(fieldClass, 'h-8 px-2.5 pointer-coarse:h-11')}>
      <span className="text-ink-3">{label}</span>
      <input
        type="date"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
        className="bg-transparent outline-none pointer-coarse:text-field"
      />
    </label>
  );
}
