import { EntryWords } from '@/features/entry/entry-words';
import { SecondProofSetup } from '@/features/entry/second-proof-setup';
import { EntryPage } from '@/features/sign-in/entry-page';

export default function Page() {
  return (
    <EntryPage>
      <EntryWords>
        <SecondProofSetup />
      </EntryWords>
    </EntryPage>
  );
}
