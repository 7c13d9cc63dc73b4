import type { z } from 'zod';
import type { Permission, PlatformPermission } from './permissions';
import type { ErrorCode } from './problem';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';

/** What a caller needs: nothing, a session, one permission in the active tenant, or one of who runs the install. */
export type Access = 'public' | 'session' | Permission | PlatformPermission;

/**
 * Whose things its parameters and body name, and so who is answered `not_found`. `caller`: none, it is about who asks or all
 * they may see. `tenant`: those that everybody with the permission reaches. `sight`: those that an agent reaches only while
 * they see the conversation. `whole`: of the tenant, by who reads and sees all of it; others are refused whatever they name. `oneself`: of one's own person,
 * which nobody who acts as them touches. `membership`: a tenant of one's own. `filter`: in the query; the unknown finds nothing. `install`:
 * of any tenant.
 */
export type Reach = 'caller' | 'tenant' | 'sight' | 'whole' | 'oneself' | 'membership' | 'filter' | 'install';

export interface RouteSpec<Params, Query, Body, Response> {
  /** What it does and what surprises, for the API page. */
  summary: string;
  access: Access;
  /** A route that does not say fails the access matrix. */
  reach?: Reach;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  /** Absent: 204, no body. */
  response?: z.ZodType<Response>;
  /** The answer is a stream of such, one JSON object a line. */
  lines?: true;
  /** It is sent bytes of this media type, as they come, and no JSON. */
  takes?: typeof FILE_PART;
  /** Of a success. 200 with a response, 204 without, unless said. */
  status?: 200 | 201 | 202 | 204;
  /** Its answer holds a secret that is shown this once: it is kept nowhere, not even for a repeated `Idempotency-Key`. */
  once?: true;
  /** What it refuses beyond what its access, input and method say. */
  refuses?: readonly ErrorCode[];
}

export interface Route<Params = unknown, Query = unknown, Body = unknown, Response = unknown> extends RouteSpec<
  Params,
  Query,
  Body,
  Response
> {
  method: Method;
  /** Under `/api`, with `:name` parameters. */
  path: string;
}

/** Media type of a part of a file. */
export const FILE_PART = 'application/offset+octet-stream';

/** Media type of an answer in lines. */
export const LINES = 'application/x-ndjson';

/** Any route, for those who list them all. */
export type AnyRoute = Route<unknown, unknown, unknown, unknown>;

/** Declares a route once, for the server, the client and the OpenAPI document. */
export function route<Params = undefined, Query = undefined, Body = undefined, Response = undefined>(
  method: Method,
  path: string,
  spec: RouteSpec<Params, Query, Body, Response>,
): Route<Params, Query, Body, Response> {
  return { method, path, ...spec };
}

/** What a handler of the route is given, parsed. */
export type InputOf<R> =
  R extends Route<infer Params, infer Query, infer Body, infer _>
    ? { params: Params; query: Query; body: Body }
    : never;

export type ResponseOf<R> = R extends Route<infer _P, infer _Q, infer _B, infer Response> ? Response : never;
