import { ApiError } from './api-error';
import type { Send } from './call';

/** An API key as it is, or its id and itself as the client of OAuth 2.0, to be exchanged for tokens of an hour. */
export type Credentials = { key: string } | { clientId: string; clientSecret: string };

/** What stands behind `Authorization: Bearer`. */
export interface Bearer {
  get(): Promise<string>;
  /** This one was refused; whether another can be had. */
  renew(refused: string): boolean;
}

export function bearerOf(credentials: Credentials, send: Send): Bearer {
  if ('key' in credentials) return { get: () => Promise.resolve(credentials.key), renew: () => false };
  return new Tokens(credentials, send);
}

/** A token is renewed this long before its end. */
const MARGIN_MS = 60_000;

interface Token {
  text: string;
  until: number;
}

class Tokens implements Bearer {
  private asked: Promise<Token> | null = null;
  private known: Token | null = null;

  constructor(
    private readonly client: { clientId: string; clientSecret: string },
    private readonly send: Send,
  ) {}

  /** One exchange at a time, whoever waits for it. */
  async get(): Promise<string> {
    if (this.known && this.known.until > Date.now()) return this.known.text;
    this.asked ??= this.exchange().finally(() => (this.asked = null));
    this.known = await this.asked;
    return this.known.text;
  }

  renew(refused: string): boolean {
    if (this.known?.text === refused) this.known = null;
    return true;
  }

  private async exchange(): Promise<Token> {
    const { clientId, clientSecret } = this.client;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const response = await this.send('/api/auth/token', { method: 'POST', body: new URLSearchParams(form) });
    const answer = (await response.json().catch(() => ({}))) as Partial<Record<string, unknown>>; // RFC 6749, or of a proxy
    const { access_token: text, expires_in: seconds, error_description: words } = answer;
    if (response.ok && typeof text === 'string')
      return { text, until: Date.now() + Number(seconds) * 1000 - MARGIN_MS };
    const code = response.status === 401 ? 'unauthenticated' : response.status < 500 ? 'bad_request' : 'network';
    throw new ApiError(code, response.status, typeof words === 'string' ? words : 'No token was given.');
  }
}
