/** What the agents' side is told to do: answers in many chats. */
export interface SendPlan {
  chats: SendChat[];
  /** Answers per second over all chats, each meant for its own moment; without one, as many as `inFlight` lets through. */
  perSecond?: number;
  inFlight: number;
  /** Without a rate: no more answers than this are ahead of what the provider was called for, so that neither side is buried. */
  ahead: number;
  warmUpSeconds: number;
  seconds: number;
}

export interface SendChat {
  /** Index of its account: what is told apart. */
  account: number;
  url: string;
  headers: Record<string, string>;
  /** JSON, in which `$TEXT` is replaced. */
  body: string;
}

/** One answer that was taken over. Times are ms since 1970, with fractions. */
export interface Accepted {
  text: string;
  chat: number;
  account: number;
  /** Its place among the answers of its chat. */
  place: number;
  intendedAt: number;
  acceptedAt: number;
}

export interface SendReport {
  /** When the warm-up was over. */
  warmAt: number;
  accepted: Accepted[];
  /** Answers other than 2xx, with the first of them. */
  refused: number;
  firstRefusal: string;
}

/** What the agents are told while they write: how many of their answers the provider has seen. */
export interface SendProgress {
  called: number;
}

export type SendWord = { word: 'warm' } | { word: 'done'; report: SendReport };
