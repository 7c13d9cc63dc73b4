/** Who hears what happens at the providers' doors: logs and metrics. */
export interface WebhookWatch {
  /** One call was answered. `outcome`: kept, unknown_path, not_authentic or busy. */
  taken(call: { provider: string; outcome: string; ms: number; correlationId: string }): void;
  /** Of a kept call: items that have an account here, and items of nobody's. */
  items(provider: string, counts: { items: number; nobodys: number }): void;
  /** Anything that could be our fault; answered 503. `route` is the pattern, without the token. */
  failed(error: unknown, call: { provider: string; route: string; ms: number; correlationId: string }): void;
}
