import type { ProviderName } from '@parley/contracts/accounts';
import type { Fate, Standing } from './trouble-stage';

export const troubles = [
  'disconnected',
  'one bad answer',
  'lying open',
  'access refused',
  '429 with Retry-After',
  '429 without',
  'half an hour of 5xx',
  'told three times',
  'told out of order',
] as const;
export type Trouble = (typeof troubles)[number];

/** Its words as a pattern; null: there is nothing to be said. */
export type Expected = Omit<Standing, 'words'> & { words: RegExp | null };

/** Of three answers, two in one chat around one in another. */
interface Cell {
  meanwhile: Expected;
  /** Once it is over, before anybody sends anything again. */
  after: Expected;
  /** How often people are told of the account at most: no state comes and goes. */
  told: number;
  /** What customers wrote and the provider tells nobody, then or later: decision 14. */
  unheard?: string[];
  /** Why it is another trouble here than elsewhere. */
  why?: string;
}

/** The most that a provider tells of a message. */
export const arrived: Record<ProviderName, Fate> = {
  evolution: 'read ×1',
  'green-api': 'read ×1',
  'cloud-api': 'read ×1',
  slack: 'sent ×1',
};

const three = (fate: Fate) => [fate, fate, fate];
const all = (provider: ProviderName) => three(arrived[provider]);
const well = (...answers: Fate[]): Expected => ({ shows: 'connected', paused: false, words: null, answers });
const ill = (shows: Expected['shows'], words: RegExp | null, ...answers: Fate[]): Expected => ({
  ...well(...answers),
  shows,
  words,
});
const stopped = (shows: Expected['shows'], words: RegExp, ...answers: Fate[]): Expected => ({
  ...ill(shows, words, ...answers),
  paused: true,
});

/** Nothing of it shows: what was written goes out. */
const unnoticed = (provider: ProviderName): Cell => ({
  meanwhile: well(...all(provider)),
  after: well(...all(provider)),
  told: 0,
});

/** The account is as well as ever, and everything waits. */
const waiting = (provider: ProviderName): Cell => ({ ...unnoticed(provider), meanwhile: well(...three('queued ×0')) });

/** The one that met the refusal is told to be not sent; what is behind it waits for new credentials. */
const refused = (provider: ProviderName, words = /new credentials/): Cell => ({
  meanwhile: stopped('needs_reauth', words, 'failed ×0', 'queued ×0', 'queued ×0'),
  after: well('failed ×0', arrived[provider], arrived[provider]),
  told: 2,
});

const lying = (provider: ProviderName): Cell => ({
  meanwhile: ill('unconfirmed', null, ...three('accepted ×0')),
  after: well(...three('accepted ×0'), arrived[provider]),
  told: 2,
});

/** What DESIGN §7 and decisions 14, 15 and 30 make of each trouble. */
export const cells: Record<Trouble, Record<ProviderName, Cell>> = {
  disconnected: {
    evolution: {
      meanwhile: ill('needs_qr', /Scan the code/, ...three('queued ×0')),
      after: well(...all('evolution')),
      told: 2,
    },
    'green-api': {
      meanwhile: ill('needs_qr', /No phone is linked/, ...three('accepted ×0')),
      after: well(...all('green-api')),
      told: 2,
      why: 'the vendor keeps what it took until a phone is linked',
    },
    'cloud-api': {
      meanwhile: stopped('restricted', /Register it/, 'failed ×0', 'queued ×0', 'queued ×0'),
      after: well('failed ×0', 'read ×1', 'read ×1'),
      told: 4,
      why: 'a number has no line to lose: Meta bans it',
    },
    slack: {
      meanwhile: ill('needs_reauth', /Install it again/, ...three('queued ×0')),
      after: well(...all('slack')),
      told: 3, // of the app and of its token, in one batch or in two
      unheard: ['anybody there?'],
      why: 'a workspace has no line to lose: the app is removed from it, and what is written then stays there',
    },
  },
  'one bad answer': {
    evolution: unnoticed('evolution'),
    'green-api': unnoticed('green-api'),
    'cloud-api': { ...unnoticed('cloud-api'), why: 'Meta is not asked: it says by webhook what becomes of a number' },
    slack: unnoticed('slack'),
  },
  'lying open': {
    evolution: lying('evolution'),
    'green-api': lying('green-api'),
    'cloud-api': lying('cloud-api'),
    slack: {
      meanwhile: ill('silent', null, ...all('slack')),
      after: well(...all('slack'), 'sent ×1'),
      told: 2,
      why: 'Slack confirms no message: that nothing comes in is what tells',
    },
  },
  'access refused': {
    evolution: refused('evolution'),
    'green-api': refused('green-api'),
    'cloud-api': refused('cloud-api'),
    slack: refused('slack'),
  },
  '429 with Retry-After': {
    evolution: waiting('evolution'),
    'green-api': waiting('green-api'),
    'cloud-api': waiting('cloud-api'),
    slack: waiting('slack'),
  },
  '429 without': {
    evolution: waiting('evolution'),
    'green-api': waiting('green-api'),
    'cloud-api': waiting('cloud-api'),
    slack: waiting('slack'),
  },
  'half an hour of 5xx': {
    evolution: {
      meanwhile: ill('disconnected', /error of its own/, ...three('unknown ×0')),
      after: well(...three('unknown ×0')),
      told: 2,
    },
    'green-api': {
      meanwhile: ill('disconnected', /error of its own/, ...three('unknown ×0')),
      after: well(...three('unknown ×0')),
      told: 2,
    },
    'cloud-api': {
      ...waiting('cloud-api'),
      why: 'Meta’s code says for certain that nothing went out, and nobody asks how the number is',
    },
    slack: {
      meanwhile: ill('disconnected', /trouble of its own/, ...three('unknown ×0')),
      after: well(...three('unknown ×0')),
      told: 2,
    },
  },
  'told three times': {
    evolution: unnoticed('evolution'),
    'green-api': unnoticed('green-api'),
    'cloud-api': unnoticed('cloud-api'),
    slack: unnoticed('slack'),
  },
  'told out of order': {
    evolution: unnoticed('evolution'),
    'green-api': unnoticed('green-api'),
    'cloud-api': unnoticed('cloud-api'),
    slack: unnoticed('slack'),
  },
};
