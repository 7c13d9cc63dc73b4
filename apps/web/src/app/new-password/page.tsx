import { EntryWords } from '@/features/entry/entry-words';
import { NewPassword } from '@/features/entry/new-password';
import { EntryPage } from '@/features/sign-in/entry-page';

export default function Page() {
  return (
    <EntryPage>
      <EntryWords>
        <NewPassword />
      </EntryWords>
    </EntryPage>
  );
}
