import type { AnyProvider, IdentityKind, Outbound, Refusal } from '../provider';
import type { Fixture } from '../testing/fixtures';
import type { Recorded, Reply } from '../testing/recording-server';

/** Something that a provider can tell of a message: what the keys of items must tell apart. */
export interface Happening {
  what: 'message' | 'edit' | 'reaction' | 'reaction taken back' | 'deletion' | 'sent' | 'delivered' | 'read';
  /** Of the message that it is about. Any string. */
  id: string;
  /** In the one chat or the other. */
  chat: 'first' | 'second';
  /** Unix seconds. */
  second: number;
}

/** What the kit cannot know of a provider by itself. All words and numbers in it are invented. */
export interface Sample {
  provider: AnyProvider;
  /** Recorded calls, one or more for each kind: `fixtures(name)` of `testing/fixtures`. */
  fixtures: [name: string, fixture: Fixture][];
  /** What somebody would enter in the form, with every server at this origin and a value in every secret field. */
  config(origin: string): Record<string, unknown>;
  /** Headers of a call with this body, proven with these secrets (as `provider.secrets` names them). */
  prove(body: Uint8Array, secrets: Record<string, string>): Record<string, string>;
  /** The proof covers the bytes: another body needs another. */
  signsBody: boolean;
  /** How long a proof counts; absent: for good. */
  proofLivesMs?: number;
  /** The body that tells it; `null` where the provider tells no such thing. */
  tell(happening: Happening): Uint8Array | null;
  /** Ids name a message only together with its chat. */
  idsPerChat: boolean;
  /** The kinds of address that it sends to. */
  reaches: IdentityKind[];
  /** Somebody, and a group where the provider has them, with a message of each to quote. */
  person: Outbound['to'];
  group?: Outbound['to'];
  /** An id as `parse` gives it, and how a send names it to the provider. */
  message: { externalId: string; written: string };
  /** The answer to a send that is taken, the provider's id in it, and the one that `send` makes of it for `person`. */
  taken: { reply: (request: Recorded) => Reply; id: string; externalId: string };
  /** Where files are sent: the answers to one that is taken, and the id that `send` makes of them for `person`. */
  takenFile?: { reply: (request: Recorded) => Reply; externalId: string };
  /** Answers to a send after which it is certain that nothing left: at least one of each reason that the provider has. */
  refused: [what: string, reply: Reply, result: { reason: Refusal; retryAfterMs?: number; chatOnly?: true }][];
  /** Answers that leave it open. */
  unknown: [what: string, reply: Reply][];
  /** The answer to typing and read marks that are taken. */
  done: Reply;
  /** Where sends are looked up: answers of a provider that has this text to `person` since that second, and its id. */
  lookUp?: { reply(sent: Sent): (request: Recorded) => Reply; externalId: string };
  /** Where the past can be asked for: answers that hold messages, all of that second, and the calls that would have told each. */
  past?: { reply: (request: Recorded) => Reply; told: Uint8Array[]; second: number };
  /** Where groups can be asked for: answers that tell `group` with these members, and it alone in the list of all. */
  groupAsked?: { reply: (request: Recorded) => Reply; title: string; members: string[] };
  /** Where there are templates: their list in pages, and the names in all of them. */
  templates?: { reply: (request: Recorded) => Reply; names: string[] };
}

/** A text that went out under a reference. */
export interface Sent {
  words: string;
  reference: string;
  /** Unix seconds. */
  second: number;
}

/** JSON as the wire has it. */
export const bodyOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
