import { headers } from 'next/headers';
import { WorkProviders } from '../work-providers';

export default async function InboxLayout({ children }: { children: React.ReactNode }) {
  return <WorkProviders nonce={(await headers()).get('x-nonce') ?? undefined}>{children}</WorkProviders>;
}
