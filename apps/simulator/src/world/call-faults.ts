import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyOf, type Account } from './account';
import { recordSilence } from './call-log';
import { callFaults } from './faults';
import type { World } from './world';

const TIMEOUT_MS = 30_000;
const LATE_MS = 15_000;

/** How a provider words what went wrong. `tooMany` takes the wait that it names, 0 for none. */
export interface Refusals {
  serverError(): Error;
  unauthorized(): Error;
  tooMany(retryAfterMs: number): Error;
  gatewayTimeout(): Error;
}

/** What becomes of a call that is let through. */
export interface Verdict {
  /** Hold the answer this long. */
  answerAfterMs: number;
  /** Say yes and do nothing. */
  lie: boolean;
  /** Do it, and never tell how it went on. */
  silent: boolean;
}

/** What was asked to go wrong with a call that sends something. Throws the provider's own refusal. */
export async function judgeSend(
  world: World,
  account: Account,
  to: string | undefined,
  refusals: Refusals,
): Promise<Verdict> {
  const fault = world.faults.take(keyOf(account), callFaults, to);
  const verdict: Verdict = { answerAfterMs: 0, lie: false, silent: false };
  switch (fault?.kind) {
    case '5xx':
      throw refusals.serverError();
    case '429':
      throw refusals.tooMany(fault.ms ?? 2000);
    case 'auth':
      throw refusals.unauthorized();
    case 'timeout':
      await world.clock.sleep(fault.ms ?? TIMEOUT_MS);
      throw refusals.gatewayTimeout();
    case 'late':
      return { ...verdict, answerAfterMs: fault.ms ?? LATE_MS };
    case 'lying-state':
      return { ...verdict, lie: true };
    case 'never-ack':
      return { ...verdict, silent: true };
    default:
      return verdict;
  }
}

/** The same for calls that send nothing: only what was asked for every call of the account. */
export async function judgeCall(world: World, account: Account, refusals: Refusals): Promise<void> {
  const fault = world.faults.take(keyOf(account), ['5xx', '429', 'timeout', 'auth'], undefined, 'call');
  if (fault?.kind === '5xx') throw refusals.serverError();
  if (fault?.kind === '429') throw refusals.tooMany(fault.ms ?? 2000);
  if (fault?.kind === 'auth') throw refusals.unauthorized();
  if (fault?.kind !== 'timeout') return;
  await world.clock.sleep(fault.ms ?? TIMEOUT_MS);
  throw refusals.gatewayTimeout();
}

/** Leaves a call without an answer for good: the client's timeout ends it. */
export function neverAnswer(world: World, request: FastifyRequest, reply: FastifyReply): void {
  recordSilence(world, request, reply);
  reply.hijack();
}
