export interface Options {
  /** Named ones; empty: all. */
  cases: string[];
  quick: boolean;
  /** Of the random run; 0: none. */
  minutes: number;
  seed: number;
  /** Messages of customers a second, where the case does not say another number; 0: as usual. */
  rate: number;
}

/** Throws what is wrong with them, for the person who typed. */
export function parseOptions(args: string[]): Options {
  const options: Options = { cases: [], quick: false, minutes: 0, seed: newSeed(), rate: 0 };
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--quick') options.quick = true;
    else if (word === '--minutes' || word === '--seed' || word === '--rate')
      options[word.slice(2) as 'minutes' | 'seed' | 'rate'] = numberAfter(word, args[++i]);
    else if (/^F\d+$/i.test(word)) options.cases.push(word.toUpperCase());
    else throw new Error(`${word} is not understood. ${usage}`);
  }
  return options;
}

export const usage = 'Usage: npm run chaos -- [F9 F13 … | --quick | --minutes 10] [--seed 7] [--rate 150]';

function numberAfter(name: string, word: string | undefined): number {
  const value = Number(word);
  if (!word || !(value > 0)) throw new Error(`${name} wants a number. ${usage}`);
  return value;
}

const newSeed = () => 1 + Math.floor(Math.random() * 1_000_000);
