import { mkdir } from 'node:fs/promises';
import type { Fleet } from '@parley/testing/rig/fleet';
import { percentile } from '@parley/testing/rig/verdict';
import type { LiveAccount } from '@parley/testing/system/system';
import { waitFor } from '@parley/testing/wait-for';
import type { ChaosCase } from '../case';
import { accountsOf, goWrong } from './accounts';
import { against } from './against';
import { roadTimes } from './road-times';
import { noSmallVolume, SmallVolume } from './small-volume';

export const fileCases: ChaosCase[] = [fileVolumeIsFull(), filesGoWrong()];

const ROOM_MIB = 4;

/** Messages need no file: they stand, and their files come when there is room again. */
function fileVolumeIsFull(): ChaosCase {
  let pictures: Pictures | undefined;
  let [early, end] = [NaN, new Map<string, number>()];
  return {
    name: 'F26',
    title: 'no room on the volume of files',
    obstacle: noSmallVolume,
    inject: async () => {},
    clear: async () => {},
    async run({ launcher, fleet, perform }) {
      const folder = fleet.app.env.FILES_DIR;
      await mkdir(folder, { recursive: true });
      const volume = await SmallVolume.under(folder, await launcher.folder('file-volume'), ROOM_MIB);
      try {
        return await perform({
          async inject() {
            volume.fill();
            pictures = await Pictures.sendTo(fleet, accountsOf(fleet), 2);
          },
          async clear() {
            early = (await pictures?.states())?.get('ready') ?? 0;
            volume.free();
          },
        });
      } finally {
        if (pictures) end = await pictures.settled();
        await volume.giveBack();
      }
    },
    figures: async () => [
      { what: 'files that were to come', value: pictures?.count ?? 0, gate: { atLeast: 1 } },
      { what: 'kept while there was no room', value: early, gate: { equal: 0 } },
      { what: 'here in the end', value: end.get('ready') ?? 0, gate: { equal: pictures?.count ?? NaN } },
    ],
  };
}

const wrongs = ['trickle', 'endless', 'cut-off', 'circle'];
const EACH = 6;

/** One account for each way in which files go wrong. What is larger than any file is given up; the rest is asked for again. */
function filesGoWrong(): ChaosCase {
  let [bad, good] = [undefined as Pictures | undefined, undefined as Pictures | undefined];
  let meanwhile = new Map<string, number>();
  return {
    name: 'F28',
    title: 'files that trickle, never end, break off, or are led on in a circle',
    async inject({ fleet }) {
      const { troubled, others } = sidesOf(fleet);
      for (const [i, account] of troubled.entries()) await goWrong(fleet, [account], [{ kind: wrongs[i] }]);
      bad = await Pictures.sendTo(fleet, troubled, EACH);
      good = await Pictures.sendTo(fleet, others, 2);
    },
    async clear({ fleet }) {
      meanwhile = (await good?.states()) ?? meanwhile;
      await goWrong(fleet, sidesOf(fleet).troubled, []);
    },
    async figures(scene) {
      const { fleet, marks } = scene;
      const end = (await bad?.settled()) ?? new Map<string, number>();
      const { troubled } = sidesOf(fleet);
      const p99 = async (from: number, to: number) =>
        percentile(await roadTimes(scene, (account) => troubled.includes(account), from, to), 0.99);
      const times = {
        without: await p99(0, marks.injectedAt),
        within: await p99(marks.injectedAt, marks.clearedAt),
      };
      return [
        {
          what: 'files of others, here before it ended',
          value: meanwhile.get('ready') ?? 0,
          gate: { equal: good?.count ?? NaN },
        },
        { what: 'given up, being without end', value: end.get('failed') ?? 0, gate: { equal: EACH } },
        { what: 'here in the end', value: end.get('ready') ?? 0, gate: { equal: EACH * (wrongs.length - 1) } },
        ...against('webhook to screen of their own accounts, p99', times, { ratio: 1.2, unnoticedMs: 300 }),
      ];
    },
  };
}

/** Of the provider whose files have addresses. */
function sidesOf(fleet: Fleet): { troubled: LiveAccount[]; others: LiveAccount[] } {
  const all = accountsOf(fleet).filter(({ provider }) => provider === 'cloud-api');
  return { troubled: all.slice(0, wrongs.length), others: all.slice(wrongs.length) };
}

/** Longer than one file may take, and the wait before its next try. */
const PATIENCE_MS = 240_000;
let batches = 0;

/** Pictures that customers sent. */
class Pictures {
  private constructor(
    private readonly fleet: Fleet,
    private readonly name: string,
    readonly count: number,
  ) {}

  static async sendTo(fleet: Fleet, accounts: LiveAccount[], each: number): Promise<Pictures> {
    const name = `picture of ${++batches},`;
    const events = accounts.flatMap(({ provider, ref }, i) =>
      Array.from({ length: each }, (_, k) => {
        const from = `+1217${String(6_000_000 + batches * 10_000 + i * 100 + k)}`;
        return { provider, ref, from, kind: 'image', text: `${name} ${i}.${k}` };
      }),
    );
    const answers = await fleet.simulator.receiveMany(events);
    const refused = answers.find((answer) => 'error' in answer);
    if (refused) throw new Error(`a customer could not send a picture: ${JSON.stringify(refused)}`);
    return new Pictures(fleet, name, events.length);
  }

  /** How many are in which state; a message that is not there has none. */
  async states(): Promise<Map<string, number>> {
    const rows = await this.fleet.sql<{ state: string; n: number }[]>`
      select a.state, count(*)::int n from messages m join attachments a on a.tenant_id = m.tenant_id and a.message_id = m.id
      where m.direction = 'inbound' and starts_with(m.content->>'caption', ${this.name}) group by 1`;
    return new Map(rows.map(({ state, n }) => [state, n]));
  }

  /** The same once each is here or given up, or after four minutes. */
  async settled(): Promise<Map<string, number>> {
    const isOver = async () => {
      const states = await this.states();
      return (states.get('ready') ?? 0) + (states.get('failed') ?? 0) === this.count;
    };
    await waitFor('the files', isOver, { timeoutMs: PATIENCE_MS, everyMs: 500 }).catch(() => {}); // the figures tell
    return this.states();
  }
}
