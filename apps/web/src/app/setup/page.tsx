import { EntryWords } from '@/features/entry/entry-words';
import { FirstSuperAdmin } from '@/features/entry/first-super-admin';
import { EntryPage } from '@/features/sign-in/entry-page';

export default function Page() {
  return (
    <EntryPage>
      <EntryWords>
        <FirstSuperAdmin />
      </EntryWords>
    </EntryPage>
  );
}
