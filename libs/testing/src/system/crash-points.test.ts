import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { crashPoints, type CrashPoint } from '@parley/platform/crash-points';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bisection, drain, intake, keptUnanswered, unrung } from './crash-inbound';
import { fetchFile } from './crash-files';
import { arrivedUnknown, claimedAlone, send, storedUntold, unrungSend } from './crash-outbound';
import { CrashStage } from './crash-stage';
import { begun, held, takeBack, takeUp, unfinished, whole, written } from './crash-uploads';
import { missedEvents, openStreams } from './crash-streams';

interface Case {
  /** What dies. The other of the two lives on. */
  part: 'api' | 'worker';
  /** Lets it die there, starts it again, and looks at what is left. Answers a line for the report. */
  run: (stage: CrashStage, point: CrashPoint) => Promise<string>;
}

const api = (run: Case['run']): Case => ({ part: 'api', run });
const worker = (run: Case['run']): Case => ({ part: 'worker', run });

/** A point without a test does not compile. */
const cases: Record<CrashPoint, Case> = {
  'intake.C1': api(intake({ hit: 5 })),
  'intake.C2': api(intake({ hit: 5 })),
  'intake.C3': api(intake({ hit: 4 })),
  'intake.C4': api(intake({ dead: keptUnanswered })),
  'intake.C5': api(unrung),
  'worker.W1': worker(drain({ hit: 1, committed: false })), // counts also drains that find nothing
  'worker.W2': worker(drain({ committed: false })),
  'worker.W3': worker(drain({ committed: false })),
  'worker.W4': worker(drain({ committed: true })),
  'worker.W5': worker(drain({ committed: true })),
  'worker.W6': worker(drain({ committed: true })),
  'worker.W7': worker(bisection),
  'outbound.O1': api(unrungSend),
  'outbound.O2': worker(send({ dead: claimedAlone })),
  'outbound.O3': worker(send({ by: 'evolution', dead: arrivedUnknown })), // its echo proves it
  'outbound.O4': worker(send({ by: 'cloud-api', dead: arrivedUnknown })), // its status names our attempt
  'outbound.O5': worker(send({ dead: storedUntold })),
  'media.M1': worker(fetchFile({ kept: false })),
  'media.M2': worker(fetchFile({ kept: false })),
  'media.M3': worker(fetchFile({ kept: false })),
  'media.M4': worker(fetchFile({ kept: true })),
  'upload.U1': api(takeUp({ dead: begun })),
  'upload.U2': api(takeUp({ dead: held })),
  'upload.U3': api(takeUp({ hit: 8, dead: written })), // by then some pieces have left our hands
  'upload.U4': api(takeUp({ dead: unfinished })),
  'upload.U5': api(takeUp({ dead: whole })),
  'upload.U6': worker(takeBack),
  'sse.S1': api(openStreams),
  'sse.S2': api(missedEvents),
};
const points = Object.keys(crashPoints) as CrashPoint[];
const report: string[] = [];

afterAll(() => console.log(report.sort().join('\n')));

// Each kind of process dies in a system of its own, side by side.
describe.concurrent.each(['api', 'worker'] as const)('the %s dies', (part) => {
  let stage: CrashStage;
  beforeAll(async () => {
    stage = await CrashStage.start(part);
  });
  afterAll(() => stage?.close());

  it.each(points.filter((point) => cases[point].part === part))(
    'at %s',
    { concurrent: false, timeout: 120_000 },
    async (point) => {
      const since = performance.now();
      const line = await cases[point].run(stage, point);
      report.push(`${point}: ${line}; ${Math.round(performance.now() - since)} ms in all`);
    },
  );
});

describe('the normal build', () => {
  const root = path.resolve(import.meta.dirname, '../../../..');
  const bundle = (build: 'dist' | 'dist-faults') =>
    ['api', 'worker']
      .map((app) => path.join(root, 'apps', app, build))
      .flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file)))
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');

  it('has neither the points nor their names', () => {
    const [normal, withFaults] = [bundle('dist'), bundle('dist-faults')];
    expect(points.filter((point) => !withFaults.includes(`crashPoint("${point}"`))).toEqual([]);
    expect(points.filter((point) => normal.includes(point))).toEqual([]);
    expect(normal).not.toContain('crashPoint(');
  });

  it('refuses to be told where to die', async () => {
    const started = promisify(execFile)(process.execPath, [path.join(root, 'apps/worker/dist/main.js')], {
      env: { FAULT: 'worker.W4' },
    });
    await expect(started).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^FAULT .*no crash points/) });
  });
});
