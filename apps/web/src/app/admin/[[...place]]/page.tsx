import { AdminPage } from '@/features/admin/admin-page';

/** `/admin/:section` are one page: going from one to another never asks the server for a page. */
export default function Page() {
  return <AdminPage />;
}
