import { ParleyMark } from '@/features/sign-in/parley-mark';
import { SampleTalk } from '@/features/sign-in/sample-talk';
import { SignInForm } from '@/features/sign-in/sign-in-form';

export default function SignInPage() {
  return (
    <div className="grid h-dvh lg:grid-cols-[minmax(0,1fr)_600px]">
      <main className="flex min-h-0 flex-col overflow-y-auto bg-sheet px-6 pt-7 pb-5 md:px-10">
        <ParleyMark />
        <SignInForm />
      </main>
      <SampleTalk />
    </div>
  );
}
