/** The certified server, with the types of what we use of it: it brings none. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** Of a request, as its framework has it. */
  interface Context {
    body: unknown;
    path: string;
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  interface Asked {
    oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } };
  }

  interface Configuration {
    clients: Record<string, unknown>[];
    cookies: { keys: string[] };
    claims: Record<string, string[]>;
    /** Its own keys for trying it out, where none are given. */
    jwks?: { keys: object[] };
    features?: Record<string, { enabled: boolean }>;
    conformIdTokenClaims?: boolean;
    interactions?: { url(asked: unknown, interaction: { uid: string }): string };
    loadExistingGrant?(asked: Asked): Promise<Grant>;
    findAccount(asked: unknown, id: string): { accountId: string; claims(): { sub: string } & Record<string, unknown> };
  }

  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Grant: new (of: { clientId: string; accountId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
}
