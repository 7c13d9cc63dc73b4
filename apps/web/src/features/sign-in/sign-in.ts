import { send } from '@/lib/api';

export type SignInProblem = 'wrong' | 'tooMany' | 'network' | 'internal';

/** Opens a session. Resolves with what stood in the way, or null. */
export async function signIn(email: string, password: string): Promise<SignInProblem | null> {
  try {
    const response = await send('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (response.ok) return null;
    if (response.status === 429) return 'tooMany';
    return response.status < 500 ? 'wrong' : 'internal';
  } catch {
    return 'network';
  }
}

/** Where to go afterwards: a page of ours, whatever the address says. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/inbox(?:[/?]|$)/.test(next) ? next : '/inbox';
}
