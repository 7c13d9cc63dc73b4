import { headers } from 'next/headers';
import { WorkProviders } from '../work-providers';

export default async function StatesLayout({ children }: { children: React.ReactNode }) {
  return <WorkProviders nonce={(await headers()).get('x-nonce') ?? undefined}>{children}</WorkProviders>;
}
