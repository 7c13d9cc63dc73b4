import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CallEntry } from './journal';
import type { World } from './world';

/** Texts longer than this (files in base64) are cut in the journal. */
const LONGEST_TEXT = 2048;

const entries = new WeakMap<FastifyRequest, CallEntry>();

/** Writes every call that a provider receives into the journal: when it came, and later what was answered. */
export function recordCalls(scope: FastifyInstance, world: World): void {
  scope.addHook('preHandler', async (request, reply) => void entryOf(world, request, reply));
  scope.addHook('onSend', async (request, reply, payload) => {
    const entry = entryOf(world, request, reply);
    entry.status = reply.statusCode;
    entry.answer = typeof payload === 'string' ? clip(payload) : undefined;
    entry.ms = Math.round(reply.elapsedTime);
    if (reply.externalId) entry.externalId = reply.externalId;
    world.journal.changedEntry(entry);
  });
}

/** For a call that will never be answered: what is known of it. */
export function recordSilence(world: World, request: FastifyRequest, reply: FastifyReply): void {
  const entry = entryOf(world, request, reply);
  if (reply.externalId) entry.externalId = reply.externalId;
  world.journal.changedEntry(entry);
}

function entryOf(world: World, request: FastifyRequest, reply: FastifyReply): CallEntry {
  const known = entries.get(request);
  if (known) return known;
  const entry = world.journal.add<CallEntry>({
    type: 'call',
    accounts: reply.accountKey ? [reply.accountKey] : [],
    method: request.method,
    path: request.url,
    body: clipped(request.body, 3),
    status: null,
  });
  entries.set(request, entry);
  return entry;
}

function clipped(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clip(value);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => clipped(each, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clipped(each, depth - 1)]));
}

const clip = (text: string) =>
  text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)` : text;
