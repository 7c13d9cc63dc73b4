import { peek, peekName, writeJson } from '../json-body';

interface Element {
  kind: string;
  data: unknown;
}

/** Where an element names the person it is about: in an echo `from` is our own number. */
const names: Record<string, readonly string[]> = {
  message: ['from_user_id', 'from'],
  echo: ['to_user_id', 'to'],
  status: ['recipient_user_id', 'recipient_id'],
};

/**
 * Which entry of `contacts` belongs to an element: the one with its BSUID or phone, never the one in its place. WhatsApp's
 * own form of a number may differ from `from`, so where all elements are about one person, a lone contact is that one.
 */
export function contactFor(contacts: unknown, elements: Element[]): (element: Element) => unknown {
  if (!Array.isArray(contacts) || contacts.length === 0) return () => undefined;
  const byId = new Map<string, unknown>();
  const all = contacts.map(shortened);
  for (const contact of all) {
    for (const id of [peekName(contact, 'wa_id'), peekName(contact, 'user_id')])
      if (id !== undefined) byId.set(id, contact);
  }
  const people = new Set(elements.map((element) => JSON.stringify(idsOf(element))));
  const first = all[0];
  return (element) => {
    const ids = idsOf(element);
    const lone = contacts.length === 1 && people.size === 1;
    const told = ids.map((id) => byId.get(id)).find((contact) => contact !== undefined);
    // With neither phone nor BSUID the contract's last resort is the first.
    return told ?? (lone || (ids.length === 0 && element.kind === 'message') ? first : undefined);
  };
}

const MAX_CONTACT_BYTES = 4_096;

/** A contact is written beside each of its messages: of one that is very long only what we read. */
function shortened(contact: unknown): unknown {
  if (writeJson(contact).byteLength <= MAX_CONTACT_BYTES) return contact;
  const [wa_id, user_id] = [peekName(contact, 'wa_id'), peekName(contact, 'user_id')];
  const [name, username] = [peekName(contact, 'profile', 'name'), peekName(contact, 'profile', 'username')];
  return { wa_id, user_id, profile: { name, username } };
}

function idsOf({ kind, data }: Element): string[] {
  return (names[kind] ?? []).flatMap((name) => {
    const id = peek(data, name);
    return typeof id === 'string' && id !== '' ? [id] : [];
  });
}
