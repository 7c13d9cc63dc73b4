import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface PersonThere {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
}

/** What it says of somebody, before it is sent. */
export interface IdToken {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** Its own key, another of the same kind, the client's secret, or none. */
  signedBy: 'provider' | 'somebody' | 'secret' | 'nobody';
}

export interface OpenIdProvider {
  issuer: string;
  /** `host:port`, for EGRESS_ALLOW. */
  host: string;
  client: { clientId: string; clientSecret: string };
  /** Where it may send people back, beside the addresses it was told before. */
  redirectsTo(uri: string): void;
  /** Who sits before it from now on: it asks for no password. */
  person: PersonThere;
  /** Changes what it says of people; null: it says the truth. */
  forge: ((token: IdToken) => IdToken) | null;
  /** Fields of its metadata that it tells otherwise. */
  metadata: Record<string, unknown>;
  /** The e-mail address stands in the token, or is to be asked for. */
  emailInToken: boolean;
  /** A browser's way from `url` through its pages, as that person; where it sends the browser back to. */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** A certified OpenID provider on loopback: a real one, that can be made to lie. */
export async function startOpenIdProvider(): Promise<OpenIdProvider> {
  const [own, other] = [newKey(), newKey()];
  const redirects: string[] = [];
  let handle = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end();
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { clientId: 'parley', clientSecret: randomBytes(24).toString('base64url') };
  const there: OpenIdProvider = {
    issuer: `http://${host}`,
    host,
    client,
    person: { sub: 'nobody', email: 'nobody@example.com', email_verified: true, name: 'Nobody' },
    forge: null,
    metadata: {},
    emailInToken: true,
    redirectsTo(uri) {
      redirects.push(uri);
      const provider = providerOf(there, { redirects, key: own });
      provider.use(async (context, next) => {
        await next();
        if (context.path === '/.well-known/openid-configuration')
          context.body = { ...(context.body as object), ...there.metadata };
        if (context.path === '/token' && hasToken(context.body)) {
          const told = tellLess(read(context.body.id_token), there.emailInToken);
          const token = there.forge ? there.forge(told) : told;
          context.body.id_token = write(token, { own, other, secret: client.clientSecret });
        }
      });
      const answer = provider.callback();
      handle = (request, response) =>
        request.url?.startsWith('/interaction/')
          ? provider.interactionFinished(request, response, { login: { accountId: there.person.sub } })
          : answer(request, response);
    },
    visit: (url) => visit(url, `http://${host}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return there;
}

function providerOf(there: OpenIdProvider, { redirects, key }: { redirects: string[]; key: KeyObject }): Provider {
  const { clientId: client_id, clientSecret: client_secret } = there.client;
  return new Provider(there.issuer, {
    clients: [{ client_id, client_secret, redirect_uris: [...redirects], id_token_signed_response_alg: 'ES256' }],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'own' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    conformIdTokenClaims: false, // what it knows stands in the token
    interactions: { url: (_asked, { uid }) => `/interaction/${uid}` },
    async loadExistingGrant({ oidc: { provider, client: asking, session } }) {
      const grant = new provider.Grant({ clientId: asking.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    findAccount: (_asked, accountId) => ({ accountId, claims: () => ({ ...there.person, sub: accountId }) }),
  });
}

/** With a cookie jar of its own; ends where another site is named. */
async function visit(from: string, origin: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = from;
  for (let steps = 0; steps < 10; steps++) {
    if (!url.startsWith(origin)) return url;
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const next = response.headers.get('location');
    if (!next) throw new Error(`the provider stops at ${url}: ${response.status} ${await response.text()}`);
    url = new URL(next, url).href;
  }
  throw new Error('the provider sends people round in circles');
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

function hasToken(body: unknown): body is { id_token: string } {
  return typeof body === 'object' && body !== null && 'id_token' in body;
}

function tellLess(token: IdToken, emailInToken: boolean): IdToken {
  const { email, email_verified, ...claims } = token.claims;
  return emailInToken ? token : { ...token, claims };
}

function read(token: string): IdToken {
  const [header, claims] = token.split('.');
  return { header: decoded(header), claims: decoded(claims), signedBy: 'provider' };
}

function write(
  { header, claims, signedBy }: IdToken,
  keys: { own: KeyObject; other: KeyObject; secret: string },
): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  const by = (key: KeyObject) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  const signature = {
    provider: () => by(keys.own),
    somebody: () => by(keys.other),
    secret: () => createHmac('sha256', keys.secret).update(text).digest(),
    nobody: () => Buffer.alloc(0),
  }[signedBy]();
  return `${text}.${signature.toString('base64url')}`;
}
