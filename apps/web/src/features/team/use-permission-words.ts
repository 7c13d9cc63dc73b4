'use client';

import type { Permission } from '@parley/contracts/permissions';
import { useTranslations } from 'next-intl';

type Dashed<Text extends string> = Text extends `${infer Noun}.${infer Verb}` ? `${Noun}-${Verb}` : Text;

/** What a permission lets one do, as a verb. */
export function usePermissionWords(): (permission: Permission) => string {
  const words = useTranslations('team.permission');
  return (permission) => words(permission.replace('.', '-') as Dashed<Permission>); // a dot would lead deeper into the words
}
