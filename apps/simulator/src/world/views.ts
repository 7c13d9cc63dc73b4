/** Which chats are open, right now, on a phone that a person plays. */
export class Views {
  private readonly byClient = new Map<string, string>();
  private readonly listeners = new Set<(account: string, chat: string) => void>();

  /** A page shows that chat now, and no other; `undefined`: it shows none. */
  show(client: string, view?: { account: string; chat: string }): void {
    if (!view) {
      this.byClient.delete(client);
      return;
    }
    this.byClient.set(client, `${view.account} ${view.chat}`);
    for (const listener of this.listeners) listener(view.account, view.chat);
  }

  isShown(account: string, chat: string): boolean {
    if (this.byClient.size === 0) return false;
    const wanted = `${account} ${chat}`;
    for (const shown of this.byClient.values()) if (shown === wanted) return true;
    return false;
  }

  onShow(listener: (account: string, chat: string) => void): void {
    this.listeners.add(listener);
  }
}
