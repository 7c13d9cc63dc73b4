import type { Env } from './env';

/** Origins whose pages may write: the public one, or where there is none both names of this machine. */
export function trustedOrigins(env: Pick<Env, 'PUBLIC_URL' | 'API_PORT'>): string[] {
  if (env.PUBLIC_URL) return [new URL(env.PUBLIC_URL).origin];
  return ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${env.API_PORT}`);
}

/** Where people and providers reach us, without a slash at its end. */
export function publicOrigin(env: Pick<Env, 'PUBLIC_URL' | 'API_PORT'>): string {
  return env.PUBLIC_URL ? new URL(env.PUBLIC_URL).origin : `http://127.0.0.1:${env.API_PORT}`;
}
