import { send } from '@/lib/api';

export type SignInProblem = 'wrong' | 'tooMany' | 'network' | 'internal';

/** `second`: the password is right, and a second proof is still wanted. */
export type SignInOutcome = 'done' | 'second' | SignInProblem;

/** Opens a session, or tells what stands in the way. */
export async function signIn(email: string, password: string): Promise<SignInOutcome> {
  try {
    const response = await postAuth('sign-in/email', { email, password });
    if (response.status === 429) return 'tooMany';
    if (!response.ok) return response.status < 500 ? 'wrong' : 'internal';
    const answer = (await response.json()) as { twoFactorRedirect?: boolean };
    return answer.twoFactorRedirect ? 'second' : 'done';
  } catch {
    return 'network';
  }
}

/** Asks what serves passwords and second proofs. Throws `ApiError` where nothing answers. */
export function postAuth(path: string, body: Record<string, unknown>): Promise<Response> {
  return send(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Where to go afterwards: a page of ours, whatever the address says. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?:inbox|accounts|settings|admin)(?:[/?]|$)/.test(next) ? next : '/inbox';
}

/** What stands in a field of a form. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
