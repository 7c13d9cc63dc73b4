import { registry } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrived, cells, troubles, type Expected, type Trouble } from './trouble-cells';
import { TroubleStage, type Fate, type Patient, type Standing } from './trouble-stage';

const S = 1_000;
const MINUTE = 60 * S;

/** How a trouble begins, goes on and ends. `meanwhile` looks at what people see of it. */
type Course = (patient: Patient, meanwhile: () => Promise<void>) => Promise<void>;

/** A provider's own way to be out of reach. `byItself`: it says when it is back. */
const losses: Record<ProviderName, { how: string; byItself: boolean }> = {
  evolution: { how: 'logout', byItself: true },
  'green-api': { how: 'notAuthorized', byItself: true },
  'cloud-api': { how: 'close', byItself: true },
  slack: { how: 'remove', byItself: false },
};

/** Of every call, the worker's looks at it among them. */
const throttled =
  (retryAfterMs: number): Course =>
  async (patient, meanwhile) => {
    await patient.faults({ kind: '429', ms: retryAfterMs, on: 'call' });
    await talk(patient);
    await patient.look();
    await meanwhile();
    await patient.faults();
    await patient.pass(MINUTE, 10 * S);
  };

const courses: Record<Trouble, Course> = {
  async disconnected(patient, meanwhile) {
    const { how, byItself } = losses[patient.account.provider];
    const isConnected = async () => (await patient.shown()).shows === 'connected';
    await patient.happen({ kind: 'connection', state: how });
    await patient.until('the loss', async () => !(await isConnected()));
    await talk(patient);
    await meanwhile();
    await patient.happen({ kind: 'connection', state: 'open' });
    if (byItself) await patient.until('the return', isConnected);
    if (!byItself || (await patient.shown()).paused) await patient.mend();
    await patient.look();
    await patient.pass(5 * MINUTE, MINUTE);
  },
  async 'one bad answer'(patient, meanwhile) {
    for (let n = 0; n < 3; n++) {
      await patient.faults({ kind: '5xx', on: 'call', times: 1 });
      await patient.look(2); // a bad one and a good one
    }
    await patient.faults();
    await talk(patient);
    await meanwhile();
  },
  async 'lying open'(patient, meanwhile) {
    const isSlack = patient.account.provider === 'slack';
    await patient.faults(isSlack ? { kind: 'drop' } : { kind: 'lying-state' });
    await answer(patient);
    if (isSlack) await patient.fallSilent();
    await patient.pass(61 * S);
    await patient.look();
    await meanwhile();
    await patient.faults();
    await patient.ask(1, 'anybody there?');
    await patient.answer(1, 'now');
    await patient.settle(cells['lying open'][patient.account.provider].after.answers);
    await patient.look();
  },
  async 'access refused'(patient, meanwhile) {
    await patient.faults({ kind: 'auth' });
    await talk(patient);
    await meanwhile();
    await patient.faults();
    await patient.mend();
    await patient.pass(MINUTE, 30 * S);
  },
  '429 with Retry-After': throttled(1_000),
  '429 without': throttled(0),
  async 'half an hour of 5xx'(patient, meanwhile) {
    await patient.faults({ kind: '5xx', on: 'call' });
    await talk(patient);
    for (let minute = 0; minute < 30; minute++) {
      await patient.pass(MINUTE, 20 * S);
      await patient.look(1);
    }
    await meanwhile();
    await patient.faults();
    await patient.look(1);
    await patient.pass(10 * MINUTE, MINUTE);
  },
  async 'told three times'(patient, meanwhile) {
    await patient.faults({ kind: 'duplicate', copies: 3 });
    await talk(patient);
    await meanwhile();
  },
  async 'told out of order'(patient, meanwhile) {
    await patient.faults({ kind: 'reorder', ms: 3_000 });
    await talk(patient);
    await meanwhile();
  },
};

async function answer(patient: Patient): Promise<void> {
  await patient.answer(0, 'one');
  await patient.answer(1, 'two');
  await patient.answer(0, 'three');
}

async function talk(patient: Patient): Promise<void> {
  await patient.ask(0, 'anybody there?');
  await answer(patient);
}

let stage: TroubleStage;
const matrix: string[] = [];
beforeAll(async () => {
  stage = await TroubleStage.start();
});
afterAll(async () => {
  await stage?.close();
  console.log(['trouble | provider | meanwhile | afterwards', ...matrix].join('\n'));
});

/** Whatever did not go out goes out once an agent sends it again. Only what a provider took and swallowed is gone. */
const inTheEnd = (provider: ProviderName, answers: Fate[]) =>
  answers.map((fate): Fate => (/^(failed|unknown)/.test(fate) ? arrived[provider] : fate));

describe.each(troubles)('%s', (trouble) => {
  it.each(Object.keys(registry) as ProviderName[])('of %s', async (provider) => {
    const cell = cells[trouble][provider];
    const patient = await stage.open(provider);
    try {
      const seen: Standing[] = [];
      await courses[trouble](patient, async () => void seen.push(await patient.standing(cell.meanwhile.answers)));
      seen.push(await patient.standing(cell.after.answers));
      matrix.push([trouble, provider, ...seen.map(inWords), ...(cell.why ? [cell.why] : [])].join(' | '));
      expect(seen).toEqual([expected(cell.meanwhile), expected(cell.after)]);
      expect(await patient.told()).toBeLessThanOrEqual(cell.told);

      await patient.tryAgain();
      const answers = inTheEnd(provider, cell.after.answers);
      expect((await patient.standing(answers)).answers).toEqual(answers);
      const { asked, shown } = await patient.heard();
      expect(shown).toEqual(asked.filter((text) => !cell.unheard?.includes(text)));
    } finally {
      patient.close();
    }
  });
});

const expected = ({ words, ...rest }: Expected) => ({ ...rest, words: words && expect.stringMatching(words) });
const inWords = ({ shows, paused, words, answers }: Standing) =>
  `${shows}${paused ? ', paused' : ''}${words ? ` “${words}”` : ''}: ${answers.join(', ')}`;
