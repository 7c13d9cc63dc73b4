import { createRequire } from 'node:module';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { sessionCookieName } from '@parley/inbox/people/session-cookie';
import type { Env } from '@parley/platform/env';
import { publicOrigin } from '@parley/platform/origins';
import type { FastifyInstance } from 'fastify';
import { openApi } from './openapi';

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // the page sets sizes on its elements
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** `/api/openapi.json`, and `/api/docs` for people: Swagger UI from our own disk. */
export function registerDocs(fastify: FastifyInstance, env: Env): void {
  const document = JSON.stringify(openApi({ origin: publicOrigin(env), cookieName: sessionCookieName(env) }));
  fastify.get('/api/openapi.json', (_request, reply) =>
    reply.type('application/json').header('cache-control', 'public, max-age=60').send(document),
  );
  fastify.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => void reply.header('content-security-policy', policy));
    scope.get('/api/docs', (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
    scope.get('/api/docs/start.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(start));
    await scope.register(fastifyStatic, {
      root: assets(),
      prefix: '/api/docs/',
      allowedPath: (file) => served.has(file),
      decorateReply: false,
    });
  });
}

const served = new Set(['/swagger-ui.css', '/swagger-ui-bundle.js']);

function assets(): string {
  return path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#api', deepLinking: true, docExpansion: 'list', validatorUrl: null });
`;
