'use client';

import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ApiError } from '@parley/client/api-error';
import { Banner } from './banner';
import { CorrelationId } from './correlation-id';

/** Why something was not done, read aloud: the API's own words of a refusal, ours where nobody answered or it broke. */
export function Refused({ error }: { error: Error | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {error && (
        <Banner tone="danger" icon={CircleAlert}>
          <WhyNot error={error} />
        </Banner>
      )}
    </div>
  );
}

/** The same as words in a sentence. */
export function WhyNot({ error }: { error: Error }) {
  const words = useTranslations('errors');
  if (!(error instanceof ApiError)) return words('internal');
  if (error.code === 'network') return words('network');
  if (error.status < 500) return wordsOf(error);
  return (
    <>
      {words('internal')} <CorrelationId id={error.correlationId} />
    </>
  );
}

/** A form that was refused says which fields and why. */
function wordsOf({ message, problem }: ApiError): string {
  return [message, ...(problem?.errors ?? []).map(({ path, message: why }) => `${path} ${why}.`)].join(' ');
}
