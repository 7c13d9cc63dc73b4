import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { randomHex } from '../world/ids';
import { badRequest, serverError } from './errors';
import { eventNames } from './events';
import { instanceRoute } from './guard';
import type { Instance, WebhookConfig } from './instance';
import type { Server } from './server';
import { validate } from './validate';

export const WebhookBody = z.looseObject({
  enabled: z.boolean().default(true),
  url: z.url(),
  headers: z.record(z.string(), z.string()).nullish(),
  byEvents: z.boolean().default(false),
  base64: z.boolean().default(false),
  events: z.array(z.string()).optional(),
});
export type WebhookBody = z.infer<typeof WebhookBody>;

/** Set and find the webhook of an instance (contract §1.4). */
export function webhookRoutes(scope: FastifyInstance, server: Server): void {
  instanceRoute(scope, server, ['POST', '/webhook/set'], (instance, { request, reply }) => {
    const body = validate(z.looseObject({ webhook: z.looseObject({ enabled: z.boolean() }) }), request.body);
    const wanted = validate(WebhookBody, body.webhook);
    instance.webhook = webhookConfig(wanted, instance.webhook ?? undefined, server.world.clock.now());
    server.touch(instance);
    return reply.status(201).send(shown(instance));
  });
  instanceRoute(scope, server, ['GET', '/webhook/find'], (instance) => shown(instance));
}

/** Throws what the server throws: 500 for events left out, 400 for an event that it does not know. */
export function webhookConfig(wanted: WebhookBody, known: WebhookConfig | undefined, nowMs: number): WebhookConfig {
  if (wanted.enabled && !wanted.events) throw serverError("Cannot read properties of undefined (reading 'length')");
  const unknown = wanted.events?.find((event) => !eventNames.includes(event));
  if (unknown) throw badRequest(`instance.events is not one of enum values: ${unknown}`);
  const now = new Date(nowMs).toISOString();
  return {
    id: known?.id ?? `cm${randomHex(23).toLowerCase()}`,
    url: wanted.url,
    headers: wanted.headers ?? {},
    enabled: wanted.enabled,
    events: wanted.events ?? [],
    webhookByEvents: wanted.byEvents,
    webhookBase64: wanted.base64,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
  };
}

const shown = (instance: Instance) => instance.webhook && { ...instance.webhook, instanceId: instance.id };
