const MOST_TRIES = 5;
const PAUSE_MS = 3_000;

/**
 * Loads a part of the page, again and again while the line is away: React asks for a lazy part once and for all, and a
 * gap of a second must not break the page. Rejects where the part is really gone, as after an upgrade of the server.
 */
export async function patiently<Module>(load: () => Promise<Module>, tries = 1): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    if (navigator.onLine && tries >= MOST_TRIES) throw error;
    await lineIsBack();
    return patiently(load, tries + 1);
  }
}

/** Or a while has passed. */
function lineIsBack(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, PAUSE_MS);
    window.addEventListener('online', done);
  });
}
