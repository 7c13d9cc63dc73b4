import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

/** Replaced by tools/rolldown.mjs. Not there when sources run as they are. */
declare const CRASH_POINTS: boolean | undefined;

/** True in the build that tests kill, and nowhere else: the normal build has neither the names nor the calls. */
const isBuiltIn = typeof CRASH_POINTS === 'boolean' && CRASH_POINTS;

/** Every step between two of which a process may die, and how far things are there. */
export const crashPoints = {
  'intake.C1': 'the body of a call was read',
  'intake.C2': 'it was verified',
  'intake.C3': 'its INSERT was sent, no reply yet',
  'intake.C4': 'it is committed, not answered yet',
  'intake.C5': 'it is answered, its lane not rung yet',
  'worker.W1': 'a drain has locked its lanes',
  'worker.W2': 'it has read their rows',
  'worker.W3': 'they are applied, COMMIT not sent yet',
  'worker.W4': 'COMMIT was sent, no reply yet',
  'worker.W5': 'they are committed, their events not published yet',
  'worker.W6': 'the events are published, the drain not ended yet',
  'worker.W7': 'of a batch that failed one part was applied, the others not yet',
  'outbound.O1': 'a message is committed, its account not rung yet',
  'outbound.O2': 'it is marked as sending, the provider not called yet',
  'outbound.O3': 'the request has left, no reply yet',
  'outbound.O4': 'the reply was read, not stored yet',
  'outbound.O5': 'it is stored, its events not published yet',
  'media.M1': 'a file is claimed, its provider not asked yet',
  'media.M2': 'some of its bytes are written',
  'media.M3': 'all of them are kept, its row does not say so yet',
  'media.M4': 'its row says so, its events not published yet',
  'upload.U1': 'an upload is begun, not answered yet',
  'upload.U2': 'a part is claimed, nothing of it is written yet',
  'upload.U3': 'some of a part is written, its row does not say so yet',
  'upload.U4': 'all of a file is here and was looked at, its row does not say so yet',
  'upload.U5': 'its row says so, not answered yet',
  'upload.U6': 'the bytes of a file that was taken back are gone, its row is not',
  'sse.S1': 'one stream was told of an event, the others not yet',
  'sse.S2': 'what a stream missed was read, not told yet',
} as const;
export type CrashPoint = keyof typeof crashPoints;

/**
 * Marks a step: where `FAULT` says so, the process dies here as `kill -9` ends it. `worker.W4` in it means the first hit,
 * `worker.W4:3` the third, `worker.W4:0.01` each hit with that chance; several are separated by commas. `once` puts the
 * end off: until a promise has settled, until what is given to a connection of ours now has left (`sent`), or the next
 * call to a provider (`called`). A statement that its connection never ran is not sent at once: a later hit finds it known.
 */
export function crashPoint(name: CrashPoint, once?: Promise<unknown> | 'sent' | 'called'): void {
  if (!isBuiltIn || !isDue(name)) return;
  const die = () => end(name);
  if (once === undefined) die();
  else if (once === 'sent')
    process.nextTick(() => setImmediate(die)); // clients write in an immediate of their own
  else if (once === 'called') subscribe('undici:request:bodySent', die);
  else once.then(die, die);
}

interface Fault {
  /** Chance of each hit; 0: counted instead. */
  chance: number;
  /** Hits that are still to come, the fatal one included. */
  hits: number;
}

const faults = new Map<string, Fault>();

/**
 * Takes `FAULT`, and answers what is wrong with it, in words for the operator. The normal build refuses it: who sets it
 * counts on a process that dies, and a test of that must not pass because none does.
 */
export function armCrashPoints(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!isBuiltIn) return 'FAULT is only for the build that tests kill (dist-faults): this one has no crash points.';
  for (const part of text.split(',')) {
    const [name = '', amount = '1'] = part.trim().split(':');
    const value = Number(amount);
    if (!(name in crashPoints))
      return `FAULT: there is no crash point ${name}, but ${Object.keys(crashPoints).join(', ')}.`;
    if (!(value > 0) || (value > 1 && !Number.isInteger(value)))
      return `FAULT: ${amount} is neither the number of a hit nor a chance.`;
    faults.set(name, value < 1 ? { chance: value, hits: 0 } : { chance: 0, hits: value });
  }
  return undefined;
}

function isDue(name: CrashPoint): boolean {
  const fault = faults.get(name);
  if (!fault) return false;
  return fault.chance ? Math.random() < fault.chance : --fault.hits === 0;
}

/** Says where, past every logger, and is gone before anything else runs. */
function end(name: CrashPoint): void {
  writeSync(2, `crash point ${name}: ${crashPoints[name]}\n`);
  process.kill(process.pid, 'SIGKILL');
}
