/** Survives the change to another Node, which is a new process. */
const startedAt = Number((process.env.PARLEY_STARTED_AT ??= `${Date.now()}`));

/** One line of progress, with the seconds since the launcher began. */
export function say(text) {
  console.log(`parley ${seconds(startedAt).padStart(6)}  ${text}`);
}

/** Says what begins, every ten seconds that it still goes on, how it ended and how long it took. */
export async function step(title, work) {
  const began = Date.now();
  const end = (how) => say(`${title}: ${how} (${seconds(began)})`);
  say(`${title} …`);
  const beat = setInterval(() => say(`${title} … still at it (${seconds(began)})`), 10_000);
  try {
    const result = await work();
    end('done');
    return result;
  } catch (error) {
    end('failed');
    throw error;
  } finally {
    clearInterval(beat);
  }
}

/** An error whose message alone is worth showing: no stack. */
export class Failure extends Error {}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)}s`;
}
