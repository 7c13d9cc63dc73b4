import { refusal } from '@parley/client/api-error';
import { send } from '@/lib/api';
import { tellTabs } from './tabs';

/** Ends the session in every tab. Throws `ApiError`. */
export async function signOut(): Promise<void> {
  const response = await send('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw await refusal(response);
  tellTabs('signed-out');
  leaveForSignIn();
}

/** To the sign-in page, and back here afterwards. A whole page load, so that nothing of the session stays in memory. */
export function leaveForSignIn(): void {
  const { pathname, search } = window.location;
  const back = /^\/(inbox|accounts|settings|admin)/.test(pathname)
    ? `?next=${encodeURIComponent(pathname + search)}`
    : '';
  window.location.assign(`/sign-in${back}`);
}
