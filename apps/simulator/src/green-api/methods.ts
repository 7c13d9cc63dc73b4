import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { keyOf } from '../world/account';
import { judgeCall } from '../world/call-faults';
import type { Cloud } from './cloud';
import { forbidden, invalid, notFound, refusals, tooMany, unauthorized } from './errors';
import type { Instance } from './instance';

export interface Called {
  instance: Instance;
  body: unknown;
  /** What stands behind the token. */
  extra: string;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** A method of the API: its verb, how often a second, and what it does. */
export interface Method {
  verb: 'GET' | 'POST' | 'DELETE';
  perSecond: number;
  run(called: Called): unknown;
}

export type Methods = Record<string, Method>;

/** Every method stands under `/waInstance<id>/<method>/<token>`, and is guarded in the server's order. */
export function mountMethods(scope: FastifyInstance, cloud: Cloud, methods: Methods): void {
  const windows = new Map<string, { second: number; calls: number }>();
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { instance: name, method: methodName, token, '*': extra = '' } = request.params as Record<string, string>;
    const instance = cloud.byId(/^waInstance(\d+)$/.exec(name ?? '')?.[1] ?? '');
    if (!instance) throw forbidden();
    reply.accountKey = keyOf(instance);
    if (!same(token ?? '', instance.token)) throw unauthorized();
    const method = Object.hasOwn(methods, methodName ?? '') ? methods[methodName ?? ''] : undefined;
    if (!method || method.verb !== request.method) throw notFound();
    if (instance.settings.limits && isTooMany(`${instance.ref} ${methodName}`, method.perSecond)) throw tooMany(0);
    await judgeCall(cloud.world, instance, refusals);
    return (await method.run({ instance, body: request.body ?? {}, extra, request, reply })) ?? '';
  };
  scope.all('/:instance/:method/:token', handler);
  scope.all('/:instance/:method/:token/*', handler);

  function isTooMany(key: string, perSecond: number): boolean {
    const second = Math.floor(performance.now() / 1000);
    const known = windows.get(key);
    const window = known?.second === second ? known : { second, calls: 0 };
    window.calls += 1;
    windows.set(key, window);
    return window.calls > perSecond;
  }
}

/** The body in that shape. Throws the vendor's own refusal. */
export function parsed<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`"${issue?.path.join('.') ?? ''}" ${issue?.message ?? 'is invalid'}`);
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
