import { z } from 'zod';

/** Milliseconds of simulated time, or a range to draw from. */
const Delay = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])]);
type Delay = z.infer<typeof Delay>;

const Delays = z.object({ sent: Delay, delivered: Delay, read: Delay, played: Delay });

/** How an account behaves, whatever its provider. Delays count from the moment the provider took the message. */
export const CommonSettings = z.object({
  statusDelaysMs: Delays,
  /** Off: customers never show that they read. */
  readReceipts: z.boolean(),
  /** The first webhook about a message goes out, and is answered, before the API call that sent it is. */
  statusFirst: z.boolean(),
});
export type CommonSettings = z.infer<typeof CommonSettings>;

/** For tests: the pace of the contracts. */
export const quickSettings: CommonSettings = {
  statusDelaysMs: { sent: 50, delivered: 150, read: 400, played: 600 },
  readReceipts: true,
  statusFirst: false,
};

/** For people: the pace of a customer with the phone in the hand. */
export const lifelikeSettings: CommonSettings = {
  statusDelaysMs: { sent: 150, delivered: 500, read: [2000, 5000], played: [6000, 9000] },
  readReceipts: true,
  statusFirst: false,
};

/** A partial change of settings: what is not named stays. Delays may also come as `[sent, delivered, read]`. */
const SettingsChange = z.looseObject({
  statusDelaysMs: z
    .union([
      Delays.partial(),
      z.tuple([Delay, Delay, Delay]).transform(([sent, delivered, read]) => ({ sent, delivered, read })),
    ])
    .optional(),
});

/** The settings after a change, checked against the provider's own schema. Throws ZodError. */
export function changeSettings<S extends CommonSettings>(schema: z.ZodType<S>, current: S, change: unknown): S {
  const { statusDelaysMs, ...rest } = SettingsChange.parse(change);
  return schema.parse({ ...current, ...rest, statusDelaysMs: { ...current.statusDelaysMs, ...statusDelaysMs } });
}

export function draw(delay: Delay): number {
  if (typeof delay === 'number') return delay;
  const [least, most] = delay;
  return least + Math.random() * (most - least);
}
