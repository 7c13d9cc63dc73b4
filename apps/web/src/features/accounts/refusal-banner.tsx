import { CircleAlert } from 'lucide-react';
import { Banner } from '@/components/banner';
import { CorrelationId } from '@/components/correlation-id';
import { ApiError } from '@parley/client/api-error';

/** Why something could not be read or done, with the id to ask about. */
export function RefusalBanner({ error, action }: { error: Error; action?: React.ReactNode }) {
  return (
    <div role="alert">
      <Banner tone="danger" icon={CircleAlert} action={action}>
        {error.message} <CorrelationId id={error instanceof ApiError ? error.correlationId : null} />
      </Banner>
    </div>
  );
}
