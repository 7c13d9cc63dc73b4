import type { AnyRoute, InputOf, Method, Route as RouteContract } from '@parley/contracts/route';
import type { SignedIn } from '@parley/inbox/people/sessions.service';
import type { MemberContext, PlatformContext } from '@parley/inbox/context';
import { AppError } from '@parley/platform/app-error';
import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { parseInput } from './parse-input';

/** Metadata of a handler: its contract, or that it stands outside of the API. */
export const ROUTE = Symbol('Route');
export const OPERATIONAL = Symbol('Operational');

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard, unless the route is public. */
    signedIn?: SignedIn;
    /** Set by the guard where the route's access is a permission. */
    memberContext?: MemberContext;
    /** Set by the guard where the route is for who runs the install. */
    platformContext?: PlatformContext;
  }
}

const methods: Record<Method, RequestMethod> = {
  GET: RequestMethod.GET,
  POST: RequestMethod.POST,
  PATCH: RequestMethod.PATCH,
  DELETE: RequestMethod.DELETE,
  PUT: RequestMethod.PUT,
};

/**
 * Makes a method the handler of a contract: method, path below `/api`, access, input, status, shape of the answer. A
 * handler that returns nothing answers 204.
 */
export function Route<P, Q, B, R>(route: RouteContract<P, Q, B, R>): MethodDecorator {
  return applyDecorators(
    SetMetadata(ROUTE, route),
    RequestMapping({ path: `/api${route.path}`, method: methods[route.method] }),
    HttpCode(statusOf(route)),
  );
}

/** A handler outside of the contracts, open to everybody: health, metrics, documentation. */
export function Operational(): MethodDecorator {
  return SetMetadata(OPERATIONAL, true);
}

/** The member who asks (`MemberContext`). Only on routes whose access is a permission. */
export const Ctx = createParamDecorator((_data: unknown, context: ExecutionContext): MemberContext => {
  const { memberContext } = requestOf(context);
  if (!memberContext) throw new AppError('unauthenticated', 'Sign in first.');
  return memberContext;
});

/** Who runs the install (`PlatformContext`). Only on routes whose access is a platform permission. */
export const Platform = createParamDecorator((_data: unknown, context: ExecutionContext): PlatformContext => {
  const { platformContext } = requestOf(context);
  if (!platformContext) throw new AppError('unauthenticated', 'Sign in first.');
  return platformContext;
});

/** Who is signed in (`SignedIn`), with or without a membership. Not on public routes. */
export const Session = createParamDecorator((_data: unknown, context: ExecutionContext): SignedIn => {
  const { signedIn } = requestOf(context);
  if (!signedIn) throw new AppError('unauthenticated', 'Sign in first.');
  return signedIn;
});

/** `{ params, query, body }`, parsed by the route's contract: `InputOf<typeof route>`. Throws `invalid` with one error a field. */
export const Input = createParamDecorator((_data: unknown, context: ExecutionContext): InputOf<AnyRoute> => {
  return parseInput(routeOf(context.getHandler()), requestOf(context));
});

/** The contract of a handler, undefined outside of the contracts. */
export function findRoute(handler: object): AnyRoute | undefined {
  return Reflect.getMetadata(ROUTE, handler) as AnyRoute | undefined;
}

function routeOf(handler: object): AnyRoute {
  const route = findRoute(handler);
  if (!route) throw new Error('a handler without @Route takes no @Input');
  return route;
}

export function statusOf({ status, response }: Pick<AnyRoute, 'status' | 'response'>): number {
  return status ?? (response ? 200 : 204);
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
