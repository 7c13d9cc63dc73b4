export default function SignInPage() {
  return <main className="bg-sheet" />;
}
