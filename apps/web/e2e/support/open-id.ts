import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/** The one address, beside the simulator's, that the demo may call on this machine. */
const issuer = process.env.OPENID_URL ?? 'http://127.0.0.1:3111';

export interface CompanyProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

/** A company's OpenID provider with pages of its own, where everybody is who they say, with any password. */
export async function startCompanyProvider(redirectUri: string, domain: string): Promise<CompanyProvider> {
  const [clientId, clientSecret] = ['parley', randomUUID()];
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    cookies: { keys: [randomUUID()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_asked, login) => ({
      accountId: login,
      claims: () => ({ sub: login, email: `${login}@${domain}`, email_verified: true, name: 'Ines Duarte' }),
    }),
  });
  const answer = provider.callback();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { issuer, clientId, clientSecret, close };
}
