import { permissions } from '@parley/contracts/permission-names';
import { errorStatus, Problem } from '@parley/contracts/problem';
import { CURSOR_HEADER } from '@parley/contracts/realtime';
import { LINES, type AnyRoute } from '@parley/contracts/route';
import { routes } from '@parley/contracts/routes';
import { z } from 'zod';
import { statusOf } from '../http/route.decorator';
import { authPaths } from './auth-paths';

type Json = Record<string, unknown>;

/** The API as OpenAPI 3.1, from the contracts alone: what is not declared there does not exist. */
export function openApi({ origin, cookieName }: { origin: string; cookieName: string }): Json {
  const components = new Components();
  const problem = components.refer(Problem, 'output');
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries<AnyRoute>(routes)) {
    const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(name, route, components, problem) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Parley', version: '1', description: introduction(), license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: origin }],
    tags: [...new Set(Object.values<AnyRoute>(routes).map(tagOf)), 'auth'].map((name) => ({ name })),
    paths: { ...paths, ...authPaths(problem) },
    components: {
      schemas: components.schemas,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieName,
          description: 'Given by POST /api/auth/sign-in/email.',
        },
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key of the tenant’s, given by POST /api/api-keys.' },
        oauth2: {
          type: 'oauth2',
          description: 'For programs that speak nothing else: the client is an API key.',
          flows: {
            clientCredentials: {
              tokenUrl: `${origin}/api/auth/token`,
              scopes: Object.fromEntries(permissions.map((one) => [one, `What a key with ${one} may.`])),
            },
          },
        },
      },
    },
    security: [{ session: [] }, { apiKey: [] }, { oauth2: [] }],
  };
}

/** Schemas that have a name of their own, each once. */
class Components {
  readonly schemas: Record<string, Json> = {};

  /** JSON Schema 2020-12, its named parts replaced by references. */
  refer(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    const id = z.globalRegistry.get(schema)?.id;
    const parts = id ? { ...$defs, [id]: own } : $defs;
    const names = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, this.add(name, part as Json)]));
    for (const name of Object.values(names)) this.schemas[name] = relinked(this.schemas[name], names) as Json;
    return id ? { $ref: refTo(names[id] ?? id) } : (relinked(own, names) as Json);
  }

  /** What is sent may differ from what is answered: then the former has a name of its own. */
  private add(name: string, part: Json): string {
    const { id: _, ...schema } = part;
    const known = this.schemas[name];
    const free =
      known === undefined || JSON.stringify(known) === JSON.stringify(relinked(schema, {})) ? name : `${name}Input`;
    this.schemas[free] ??= schema;
    return free;
  }
}

const refTo = (name: string) => `#/components/schemas/${name}`;

function relinked(value: unknown, names: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => relinked(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const [, name] = key === '$ref' && typeof item === 'string' ? (/^#\/\$defs\/(.+)$/.exec(item) ?? []) : [];
      return [key, name === undefined ? relinked(item, names) : refTo(names[name] ?? name)];
    }),
  );
}

function operationOf(name: string, route: AnyRoute, components: Components, problem: Json): Json {
  const { method, access, reach, summary, params, query, response } = route;
  return {
    operationId: name,
    tags: [tagOf(route)],
    summary,
    'x-access': access,
    ...(reach ? { 'x-reach': reach } : {}),
    ...(access === 'public' ? { security: [] } : access === 'session' ? { security: [{ session: [] }] } : {}),
    parameters: [
      ...parametersOf(params, 'path'),
      ...parametersOf(query, 'query'),
      ...(route.takes ? [uploadOffset] : isWrite(method) && access !== 'public' ? [idempotencyKey] : []),
    ],
    ...bodyOf(route, components),
    responses: {
      [statusOf(route)]: {
        description: response ? 'Done.' : 'Done; no body.',
        headers: {
          [CURSOR_HEADER]: {
            description: 'The head of events that a read saw, or the last event of a write.',
            schema: { type: 'integer' },
          },
        },
        ...(response ? { content: contentOf(route, components.refer(response, 'output')) } : {}),
      },
      ...Object.fromEntries(refusalsOf(route).map(([status, codes]) => [status, refusal(codes, problem)])),
    },
  };
}

function bodyOf({ body, takes }: AnyRoute, components: Components): Json {
  if (takes) return { requestBody: { required: true, content: { [takes]: { schema: { type: 'string' } } } } };
  if (!body) return {};
  const schema = components.refer(body, 'input');
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function contentOf({ path, lines }: AnyRoute, schema: Json): Json {
  if (lines) return { [LINES]: { schema } };
  const stream = path === routes.listEvents.path ? { 'text/event-stream': { schema: { type: 'string' } } } : {};
  return { 'application/json': { schema }, ...stream };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Quoted or bare, best a UUID. The same key within 24 h is answered as the first time and does nothing.',
  schema: { type: 'string', maxLength: 130 },
};

const uploadOffset = {
  name: 'Upload-Offset',
  in: 'header',
  required: true,
  description: 'How many bytes of the file came before.',
  schema: { type: 'integer' },
};

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: place === 'query' ? 'input' : 'output',
    unrepresentable: 'any',
  });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

/** By status, what may be refused; any of them may also be 500 or 503. */
function refusalsOf({ method, access, params, query, body, takes, refuses = [] }: AnyRoute): [string, string[]][] {
  const codes = [
    ...(access === 'public' ? [] : ['unauthenticated']),
    ...(access === 'public' || access === 'session' ? [] : ['forbidden']),
    ...(isWrite(method) ? ['bad_origin'] : []),
    ...(isWrite(method) && !takes ? ['idempotency_running', 'idempotency_mismatch'] : []),
    ...(takes ? ['unsupported_media_type'] : []),
    ...(body ? ['bad_request', 'too_large', 'unsupported_media_type'] : []),
    ...((params ?? query ?? body) ? ['invalid'] : []),
    ...(params ? ['not_found'] : []),
    ...refuses,
    'rate_limited',
  ] as (keyof typeof errorStatus)[];
  const statuses = Map.groupBy(codes, (code) => String(errorStatus[code]));
  return [...statuses].sort(([a], [b]) => a.localeCompare(b));
}

function refusal(codes: string[], problem: Json): Json {
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: { 'application/problem+json': { schema: problem } },
  };
}

const isWrite = (method: string) => method !== 'GET';

/** The first part of a path, past the inbox's own. */
function tagOf({ path }: AnyRoute): string {
  const [first = '', second = ''] = path.split('/').slice(1);
  return first === 'inbox' ? (second.startsWith('send_') ? 'messages' : second) : first;
}

function introduction(): string {
  const rows = Object.entries(errorStatus).map(([code, status]) => `| \`${code}\` | ${status} |`);
  return [
    'One shared inbox over every channel. JSON is camelCase, times are ISO 8601 in UTC, ids are UUIDs.',
    'Lists take `cursor` and `limit` (50, at most 100) and answer `items` and `nextCursor`, null at the end.',
    'Another tenant’s object, and one that you do not see, answers 404, as if it never was.',
    '',
    '## Errors',
    'RFC 9457, `application/problem+json`. Match on `code`, never on the words; `correlationId` finds the line in the log.',
    '',
    '| code | status |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
}
