import type { companyChecks, CompanyRefusal } from '@parley/contracts/company-sign-in';
import { tidy } from '@parley/contracts/primitives';
import { notConnected } from '@parley/platform/egress';
import * as openId from 'openid-client';
import { z } from 'zod';

/** Of one call to a provider. */
const CALL_S = 5;
const CLOCKS_APART_S = 30;

/** What may sign its tokens: keys that the provider alone has. Neither `none` nor what a shared secret makes. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** OpenID Connect Discovery 1.0 §3, with what it says of fields that are left out. */
const Metadata = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
});
type Metadata = z.infer<typeof Metadata>;
/** OpenID Connect Core 1.0 §2. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;
const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string(), use: z.string().optional() })) });

export interface Wire {
  /** The install's way out. */
  http: typeof fetch;
  /** Also http: only where the install itself is on it. */
  plain: boolean;
}

export interface Client {
  issuer: string;
  clientId: string;
  /** Needed for what is exchanged, not for where somebody is sent. */
  clientSecret?: string;
}

/** Whom a provider says somebody is. */
export interface Claims {
  subject: string;
  /** In small letters; null: it does not say. */
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

type CheckName = (typeof companyChecks)[number];
export interface Check {
  name: CheckName;
  passed: boolean;
  detail: string | null;
  ms: number;
}

/** Somebody cannot come in by it. `cause` is for the log. */
export class OpenIdError extends Error {
  override name = 'OpenIdError';
  constructor(
    readonly reason: CompanyRefusal,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

/** Looks at what a provider says of itself, up to the first thing that will not do. */
export async function examine(issuer: string, wire: Wire): Promise<Check[]> {
  const checks: Check[] = [];
  const look = async <T>(name: CheckName, work: () => T | Promise<T>): Promise<T> => {
    const begun = performance.now();
    const add = (detail: string | null) =>
      checks.push({ name, passed: detail === null, detail, ms: Math.round(performance.now() - begun) });
    try {
      const result = await work();
      add(null);
      return result;
    } catch (error) {
      add(wordsOf(error));
      throw error;
    }
  };
  try {
    const metadata = await look('answers', () => readMetadata(issuer, wire));
    await look('issuer', () => assertIssuer(metadata, issuer));
    await look('https', () => assertAddresses(metadata, wire));
    await look('signing', () => assertSigning(metadata));
    await look('keys', () => assertKeys(metadata, wire));
  } catch {
    // the last check says it
  }
  return checks;
}

/** Where to send somebody. Throws `OpenIdError`. */
export async function consentUrl(
  client: Client,
  { redirectUri, ...begun }: { redirectUri: string; state: string; nonce: string; verifier: string },
  wire: Wire,
): Promise<string> {
  const configuration = await configure(client, wire);
  return openId.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid email profile',
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await openId.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
  }).href;
}

/**
 * What came back, for whom it says somebody is. Held to: the state, the nonce, the verifier, issuer, audience, time, and a
 * signature by the provider's published keys. Throws `OpenIdError`.
 */
export async function exchange(
  client: Required<Client>,
  back: { url: URL; state: string; nonce: string; verifier: string },
  wire: Wire,
): Promise<Claims> {
  const configuration = await configure(client, wire);
  try {
    const tokens = await openId.authorizationCodeGrant(configuration, back.url, {
      expectedState: back.state,
      expectedNonce: back.nonce,
      pkceCodeVerifier: back.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new OpenIdError('invalid');
    if (claims.email !== undefined) return toClaims(claims);
    return toClaims(await openId.fetchUserInfo(configuration, tokens.access_token, claims.sub)); // many tell it there alone
  } catch (error) {
    if (error instanceof OpenIdError) throw error;
    if (error instanceof openId.AuthorizationResponseError) throw new OpenIdError('refused', error);
    throw new OpenIdError(isAway(error) ? 'unavailable' : 'invalid', error);
  }
}

/** The library's own discovery lets some providers name another issuer than was asked; here nobody does. */
async function configure({ issuer, clientId, clientSecret }: Client, wire: Wire): Promise<openId.Configuration> {
  const metadata = await readMetadata(issuer, wire)
    .then((found) => {
      assertIssuer(found, issuer);
      assertAddresses(found, wire);
      return { ...found, id_token_signing_alg_values_supported: assertSigning(found) };
    })
    .catch((cause: unknown) => {
      throw new OpenIdError('unavailable', cause);
    });
  const configuration = new openId.Configuration(
    metadata as openId.ServerMetadata, // JSON as it came, its fields checked
    clientId,
    { [openId.clockTolerance]: CLOCKS_APART_S },
    proofOf(clientSecret, metadata),
  );
  configuration[openId.customFetch] = (url, options) => wire.http(url, options as RequestInit);
  configuration.timeout = CALL_S;
  openId.enableNonRepudiationChecks(configuration); // the signature counts, not only TLS
  if (wire.plain) openId.allowInsecureRequests(configuration);
  return configuration;
}

function proofOf(secret: string | undefined, metadata: Metadata): openId.ClientAuth {
  if (secret === undefined) return openId.None();
  const { token_endpoint_auth_methods_supported: methods } = metadata;
  return methods.includes('client_secret_basic') ? openId.ClientSecretBasic(secret) : openId.ClientSecretPost(secret);
}

async function readMetadata(issuer: string, wire: Wire): Promise<Metadata> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  assertAddress(url, wire);
  return Metadata.parse(await readJson(url, wire));
}

async function readJson(url: string, { http }: Wire): Promise<unknown> {
  const response = await http(url, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(CALL_S * 1000),
  });
  if (response.status !== 200) throw new Flaw(`${url} answers ${response.status}.`);
  return response.json();
}

function assertIssuer(metadata: Metadata, issuer: string): void {
  if (metadata.issuer !== issuer) throw new Flaw(`It calls itself ${metadata.issuer.slice(0, 200)}. Enter that.`);
}

function assertAddresses(metadata: Metadata, wire: Wire): void {
  const { authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = metadata;
  for (const url of [authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint])
    if (url !== undefined) assertAddress(url, wire);
}

function assertAddress(url: string, { plain }: Wire): void {
  const { protocol } = new URL(url);
  if (protocol !== 'https:' && !(plain && protocol === 'http:')) throw new Flaw(`${url} is not https.`);
}

/** Of its algorithms those that we take. */
function assertSigning({ id_token_signing_alg_values_supported: offered }: Metadata): string[] {
  const taken = offered.filter((one) => ALGORITHMS.includes(one));
  if (!taken.length) throw new Flaw(`It signs by ${offered.join(', ').slice(0, 200)}. Let it use RS256 or ES256.`);
  return taken;
}

async function assertKeys({ jwks_uri }: Metadata, wire: Wire): Promise<void> {
  const { keys } = Keys.parse(await readJson(jwks_uri, wire));
  if (!keys.some(({ use }) => use !== 'enc')) throw new Flaw('It publishes no key that signs.');
}

function toClaims({ sub, email, email_verified, name }: openId.UserInfoResponse | openId.IDToken): Claims {
  if (!SUBJECT.test(sub)) throw new OpenIdError('invalid');
  const address = z
    .email()
    .max(254)
    .safeParse(typeof email === 'string' ? email.trim().toLowerCase() : undefined);
  return {
    subject: sub,
    email: address.success ? address.data : null,
    emailVerified: email_verified === true,
    name: typeof name === 'string' && tidy(name).trim() ? tidy(name).trim() : null,
  };
}

/** What is wrong with a provider, in words for whoever sets it up. */
class Flaw extends Error {
  override name = 'Flaw';
}

function wordsOf(error: unknown): string {
  if (error instanceof Flaw) return error.message;
  if (notConnected(error)) return `No connection: ${innermost(error)}.`;
  if (error instanceof z.ZodError) return 'What it answers is not what OpenID Connect Discovery wants there.';
  if (error instanceof Error && error.name === 'TimeoutError') return `It does not answer within ${CALL_S} s.`;
  return 'It answers no JSON there.';
}

function innermost(error: unknown): string {
  let words = '';
  for (let e = error; e instanceof Error; e = e.cause) words = e.message || words;
  return words;
}

/** Nobody answered. */
function isAway(error: unknown): boolean {
  return notConnected(error) || (error instanceof openId.ClientError && error.code === 'OAUTH_TIMEOUT');
}
