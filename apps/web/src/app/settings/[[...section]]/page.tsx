import { SettingsPage } from '@/features/settings/settings-page';

/** `/settings/:section` are one page: going from one to another never asks the server for a page. */
export default function Page() {
  return <SettingsPage />;
}
