import { EntryPage } from '@/features/sign-in/entry-page';
import { SignInForm } from '@/features/sign-in/sign-in-form';
import { SignInWords } from '@/features/sign-in/sign-in-words';

export default function SignInPage() {
  return (
    <EntryPage>
      <SignInWords>
        <SignInForm />
      </SignInWords>
    </EntryPage>
  );
}
