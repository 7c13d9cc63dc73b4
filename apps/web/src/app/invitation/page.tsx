import { EntryWords } from '@/features/entry/entry-words';
import { InvitationForm } from '@/features/entry/invitation-form';
import { EntryPage } from '@/features/sign-in/entry-page';

export default function Page() {
  return (
    <EntryPage>
      <EntryWords>
        <InvitationForm />
      </EntryWords>
    </EntryPage>
  );
}
