import { queryOptions } from '@tanstack/react-query';
import { askAuth } from '@/features/entry/use-auth-form';
import { teamKeys } from '@/features/team/queries';

/** What the auth library tells of one; `backedUp`: a password manager carries it to other devices. */
export interface Passkey {
  id: string;
  name?: string | null;
  backedUp: boolean;
  createdAt: string;
}

export const passkeysQuery = queryOptions({
  queryKey: teamKeys.passkeys,
  queryFn: async () => (await askAuth('passkey/list-user-passkeys', {})) as Passkey[],
  staleTime: 0,
});

/** The device made none: a person said no, it has one already, or it cannot. */
export class NoPasskey extends Error {
  override name = 'NoPasskey';

  constructor(readonly why: 'refused' | 'there' | 'unable') {
    super(why);
  }
}

/** Makes a passkey on this device. Throws `NoPasskey`, `ApiError`. */
export async function addPasskey(password: string, name: string | undefined): Promise<void> {
  const options = await askAuth('passkey/generate-register-options', { password });
  const response = await made(options as PublicKeyCredentialCreationOptionsJSON);
  await askAuth('passkey/verify-registration', { response, name });
}

export function removePasskey(id: string): Promise<unknown> {
  return askAuth('passkey/delete-passkey', { id });
}

async function made(options: PublicKeyCredentialCreationOptionsJSON): Promise<object> {
  try {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    throw new NoPasskey(name === 'NotAllowedError' ? 'refused' : name === 'InvalidStateError' ? 'there' : 'unable');
  }
  throw new NoPasskey('refused');
}
