import { AccountsPage } from '@/features/accounts/accounts-page';

/** Where Slack's install, and every other way back from a provider, ends too. */
export default function Page() {
  return <AccountsPage />;
}
