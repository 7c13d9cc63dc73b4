import { EntryPage } from '@/features/sign-in/entry-page';
import { SignInForm } from '@/features/sign-in/sign-in-form';

export default function SignInPage() {
  return (
    <EntryPage>
      <SignInForm />
    </EntryPage>
  );
}
