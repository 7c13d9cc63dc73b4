'use client';

import type { AuditEntry } from '@parley/contracts/audit';
import { useFormatter, useTranslations } from 'next-intl';
import { CorrelationId } from '@/components/correlation-id';
import { useActionWords } from './use-action-words';

/** One change: when, who, what; opened, from what to what and from where. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const words = useTranslations('audit');
  const actionWords = useActionWords();
  const format = useFormatter();
  const { actor, after, before } = entry;
  const named = nameIn(after) ?? nameIn(before);
  return (
    <li className="border-b border-line">
      <details className="group">
        <summary className="focus-inside flex min-h-11 cursor-pointer flex-wrap items-center gap-x-4 gap-y-0.5 py-1.5 hover:bg-pane">
          <span className="num w-[176px] flex-none text-meta whitespace-nowrap text-ink-3">
            {format.dateTime(new Date(entry.at), { dateStyle: 'medium', timeStyle: 'medium' })}
          </span>
          <span className="min-w-0 flex-1 basis-[240px]">
            <b className="font-medium">{actor.name ?? words(`actor.${actor.kind}`)}</b>{' '}
            {actor.kind !== 'member' && actor.name && (
              <span className="text-ink-3">({words(`actor.${actor.kind}`)}) </span>
            )}
            {actionWords(entry.action)}
            {named && <span className="font-medium"> {named}</span>}
          </span>
          <span className="num flex-none text-meta text-ink-3">#{entry.seq}</span>
        </summary>
        <Details entry={entry} />
      </details>
    </li>
  );
}

function Details({ entry }: { entry: AuditEntry }) {
  const words = useTranslations('audit');
  const fields = [...new Set([...Object.keys(entry.before ?? {}), ...Object.keys(entry.after ?? {})])];
  return (
    <div className="grid gap-3 pb-4 text-meta md:ps-[192px]">
      {fields.length > 0 && (
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={words('changes')}>
          <table className="min-w-[420px] border-collapse text-start">
            <thead>
              <tr className="text-ink-3 *:pe-6 *:pb-1 *:text-start *:font-medium">
                <th scope="col">{words('field')}</th>
                <th scope="col">{words('before')}</th>
                <th scope="col">{words('after')}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map((field) => (
                <tr key={field} className="align-top *:pe-6 *:py-0.5">
                  <th scope="row" className="text-start font-medium">
                    {field}
                  </th>
                  <td className="max-w-[32ch] break-words">{textOf(entry.before?.[field])}</td>
                  <td className="max-w-[32ch] break-words">{textOf(entry.after?.[field])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="text-ink-2">
        {entry.address ? words('from', { address: entry.address }) : words('fromInside')}
        {entry.userAgent && <span className="block break-all text-ink-3">{entry.userAgent}</span>}
        {entry.correlationId && (
          <span className="block">
            <CorrelationId id={entry.correlationId} />
          </span>
        )}
      </p>
    </div>
  );
}

function nameIn(fields: AuditEntry['after']): string | null {
  const name = fields?.name ?? fields?.email;
  return typeof name === 'string' ? name : null;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return Array.isArray(value) ? value.join(', ') : String(value as string | number | boolean);
}
