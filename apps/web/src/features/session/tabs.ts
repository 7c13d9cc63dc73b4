/** The session belongs to the browser: what one tab does to it, all tabs must hear. `changed`: of another person, or tenant. */
export type SessionNews = 'signed-out' | 'changed';

const CHANNEL = 'parley:session';
/** This page, which knows already where it goes. */
const here = Math.random();

export function tellTabs(news: SessionNews): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ news, from: here });
  channel.close();
}

/** Hears of what other tabs did. Returns how to stop. */
export function hearTabs(listener: (news: SessionNews) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<{ news: SessionNews; from: number }>) => {
    if (data.from !== here) listener(data.news);
  };
  return () => channel.close();
}
