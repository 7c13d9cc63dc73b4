'use client';

import type { AuditAction } from '@parley/contracts/audit';
import { useTranslations } from 'next-intl';

type Dashed<Text extends string> = Text extends `${infer Noun}.${infer Verb}` ? `${Noun}-${Verb}` : Text;

/** What was done, in words. */
export function useActionWords(): (action: AuditAction) => string {
  const words = useTranslations('audit.action');
  return (action) => words(action.replace('.', '-') as Dashed<AuditAction>); // a dot would lead deeper into the words
}
