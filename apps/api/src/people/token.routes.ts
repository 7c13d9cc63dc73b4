import type { KeyholdersService } from '@parley/inbox/api-keys/keyholders.service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const FORM = 'application/x-www-form-urlencoded';
const BODY_LIMIT_BYTES = 4096;

/** RFC 6749 §5.2, with the status that goes with it. */
const refusals = {
  invalid_request: [400, 'Send client_id and client_secret as a form or as Basic authorization, and not both.'],
  unsupported_grant_type: [400, 'Only grant_type=client_credentials is taken.'],
  invalid_client: [401, 'This key opens nothing. Is it revoked, or too old?'],
} as const;
type Refusal = keyof typeof refusals;

/** `POST /api/auth/token`: OAuth 2.0's client credentials grant, for programs that speak nothing else. The client is an API key. */
export function registerToken(fastify: FastifyInstance, keyholders: KeyholdersService): void {
  fastify.register(async (scope) => {
    // Forms are taken here alone: elsewhere a page of another site could send one.
    scope.addContentTypeParser<string>(FORM, { parseAs: 'string' }, (_request, body, done) =>
      done(null, new URLSearchParams(body)),
    );
    scope.post('/api/auth/token', { bodyLimit: BODY_LIMIT_BYTES }, async (request, reply) => {
      void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      if (!form.has('grant_type')) return refuse(reply, 'invalid_request');
      if (form.get('grant_type') !== 'client_credentials') return refuse(reply, 'unsupported_grant_type');
      const client = clientOf(request, form);
      if (!client) return refuse(reply, 'invalid_request');
      const granted = await keyholders.exchange(client);
      if (!granted) return refuse(reply, 'invalid_client');
      const { token, seconds, permissions } = granted;
      return { access_token: token, token_type: 'Bearer', expires_in: seconds, scope: permissions.join(' ') };
    });
  });
}

/** By Basic authorization or in the form. Null: neither, or both. */
function clientOf({ headers }: FastifyRequest, form: URLSearchParams): { id: string; secret: string } | null {
  const [, basic] = /^Basic +([\w+/=-]+)$/i.exec(headers.authorization ?? '') ?? [];
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  if (basic === undefined) return id !== null && secret !== null ? { id, secret } : null;
  if (secret !== null) return null;
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString()) ?? [];
  return { id: user, secret: password };
}

function refuse(reply: FastifyReply, error: Refusal): FastifyReply {
  const [status, description] = refusals[error];
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="Parley"');
  return reply.status(status).send({ error, error_description: description });
}
