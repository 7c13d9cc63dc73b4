/** The session belongs to the browser: what one tab does to it, all tabs must hear. `changed`: of another person, or tenant. */
export type SessionNews = 'signed-out' | 'changed';

const CHANNEL = 'parley:session';

export function tellTabs(news: SessionNews): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(news);
  channel.close();
}

/** Hears of what other tabs did. Returns how to stop. */
export function hearTabs(listener: (news: SessionNews) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (message: MessageEvent<SessionNews>) => listener(message.data);
  return () => channel.close();
}
