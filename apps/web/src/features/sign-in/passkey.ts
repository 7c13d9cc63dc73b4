import { postAuth, type SignInOutcome } from './sign-in';

/** Opens a session with a passkey of this device, or tells what stands in the way. Needs a click: browsers ask for one. */
export async function signInByPasskey(): Promise<Exclude<SignInOutcome, 'second'>> {
  try {
    const begun = await postAuth('passkey/generate-authenticate-options', {});
    if (!begun.ok) return problemOf(begun.status);
    const { response, problem } = await answerOf((await begun.json()) as PublicKeyCredentialRequestOptionsJSON);
    if (problem) return problem;
    const { ok, status } = await postAuth('passkey/verify-authentication', { response });
    return ok ? 'done' : problemOf(status);
  } catch {
    return 'network';
  }
}

interface DeviceAnswer {
  response?: object;
  problem?: 'passkeyRefused' | 'passkeyUnable';
}

/** What the device signed, or why it did not: people may say no, and take their time to do so. */
async function answerOf(options: PublicKeyCredentialRequestOptionsJSON): Promise<DeviceAnswer> {
  try {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: 'required' });
    const credential = await navigator.credentials.get({ publicKey });
    if (!(credential instanceof PublicKeyCredential)) return { problem: 'passkeyRefused' };
    return { response: credential.toJSON() };
  } catch (error) {
    const refused = error instanceof DOMException && error.name === 'NotAllowedError';
    return { problem: refused ? 'passkeyRefused' : 'passkeyUnable' };
  }
}

function problemOf(status: number) {
  if (status === 429) return 'tooMany';
  return status < 500 ? 'passkeyWrong' : 'internal';
}
