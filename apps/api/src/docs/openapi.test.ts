import { routes } from '@parley/contracts/routes';
import { startApp, type TestApp } from '@parley/testing/app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serveApi } from '../create-app';

let app: TestApp;
let document: z.infer<typeof Document>;

const Schema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const Content = z.record(z.string(), z.strictObject({ schema: Schema }));
const Answer = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.strictObject({ description: z.string(), schema: Schema })).optional(),
  content: Content.optional(),
});
const Operation = z.strictObject({
  operationId: z.string().regex(/^\w+$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  'x-access': z.string(),
  'x-reach': z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean(),
        description: z.string().optional(),
        schema: Schema,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.literal(true), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), Answer),
});
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.object({ url: z.url() })).min(1),
  tags: z.array(z.object({ name: z.string() })),
  paths: z.record(
    z.string().startsWith('/api/'),
    z.partialRecord(z.enum(['get', 'post', 'patch', 'delete', 'put']), Operation),
  ),
  components: z.object({
    schemas: z.record(z.string().regex(/^[A-Za-z]+$/), Schema),
    securitySchemes: z.record(z.string(), z.unknown()),
  }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
});

beforeAll(async () => {
  app = await startApp({ api: serveApi });
  document = Document.parse(await (await app.fetch('/api/openapi.json')).json());
});
afterAll(() => app?.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('has every route, once, under its name', () => {
    const declared = Object.entries(routes).map(([name, route]) => [
      name,
      route.method.toLowerCase(),
      `/api${route.path.replace(/:(\w+)/g, '{$1}')}`,
    ]);
    const documented = operations().map(({ path, method, operation }) => [operation.operationId, method, path]);
    for (const route of declared) expect(documented).toContainEqual(route);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names every parameter of a path', () => {
    for (const { path, operation } of operations()) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect([path, given.sort()]).toEqual([path, names]);
    }
  });

  it('refers to nothing that it does not hold, and holds nothing that nobody refers to', () => {
    const refs = new Set([...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref));
    const held = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...refs].sort()).toEqual(held.sort());
    expect(held).toContain('#/components/schemas/Message');
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('says who may call, and how refusals look', () => {
    for (const { path, operation } of operations()) {
      const isPublic = operation['x-access'] === 'public';
      const people = operation['x-access'] === 'session' ? [{ session: [] }] : undefined;
      expect([path, operation.security]).toEqual([path, isPublic ? [] : people]);
      const asksWho = path === '/api/invitations/accept' || /^\/api\/auth\/(?!company)/.test(path); // by what is sent
      expect([path, '401' in operation.responses]).toEqual([path, !isPublic || asksWho]);
      for (const [status, answer] of Object.entries(operation.responses)) {
        const kind = path === '/api/auth/token' ? 'application/json' : 'application/problem+json'; // RFC 6749 has its own
        if (Number(status) >= 400) expect(Object.keys(answer.content ?? {})).toEqual([kind]);
      }
    }
  });
});

it.each([
  [
    'sendMessage',
    { 404: ['not_found'], 409: ['message_id_taken'], 422: ['window_closed', 'invalid'], 502: ['provider_unavailable'] },
  ],
  ['startConversation', { 404: ['not_found'], 409: ['conversation_taken', 'idempotency_running'] }],
  ['sendTyping', { 404: ['not_found'] }],
  ['switchTenant', { 404: ['not_found'] }],
  ['listEvents', { 410: ['cursor_gone'] }],
  ['listTemplates', { 404: ['not_found'], 422: ['channel_cannot'], 502: ['provider_unavailable'] }],
  ['createLabel', { 409: ['conflict'] }],
] as const)('names what %s refuses', (name, refused) => {
  const { operation } = operations().find((one) => one.operation.operationId === name) ?? {};
  for (const [status, codes] of Object.entries(refused)) {
    for (const code of codes)
      expect([status, operation?.responses[status]?.description]).toEqual([
        status,
        expect.stringContaining(`\`${code}\``),
      ]);
  }
});

describe('the page for people', () => {
  it('is served from here, under a policy that lets nothing else in', async () => {
    const page = await app.fetch('/api/docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    const html = await page.text();
    expect(html).not.toMatch(/https?:|<script>/);
    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect([file, (await app.fetch(file ?? '')).status]).toEqual([file, 200]);
  });

  it('gives no other file', async () => {
    for (const file of ['package.json', '../package.json', '%2e%2e/package.json', 'index.html', 'swagger-ui.css.map']) {
      expect([file, (await app.fetch(`/api/docs/${file}`)).status]).toEqual([file, 404]);
    }
  });
});
