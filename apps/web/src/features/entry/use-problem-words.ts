'use client';

import { useTranslations } from 'next-intl';
import { ApiError } from '@parley/client/api-error';

/** What stood in the way, for people: the API's own words of a refusal, ours where nobody answered or it broke. */
export function useProblemWords(): (error: unknown) => string {
  const words = useTranslations('errors');
  return (error) => {
    if (!(error instanceof ApiError) || error.code === 'internal') return words('internal');
    return error.code === 'network' ? words('network') : error.message;
  };
}
