import { peek, peekName, readJson } from '../json-body';
import { contactFor } from './contacts';
import { Unreadable } from '../unreadable';

/**
 * One thing that a call of Meta's says, with what is needed to read it. A call holds up to a thousand, of several numbers
 * and tenants: entries × changes × the elements of the lists inside. Nothing is checked here, so that one that is broken
 * does not take the others along.
 */
export interface Unit {
  /** `broken`: the call is torn here; `change`: the field's whole value, which holds no list. */
  kind: UnitKind | 'change' | 'broken';
  field: string;
  data: unknown;
  /** Of the WhatsApp Business Account. */
  wabaId?: string;
  phoneNumberId?: string;
  /** Entry in the value's `contacts` for the person concerned. */
  contact: unknown;
  /** Another app leads the conversation, we only listen. */
  standby: boolean;
  /** Seconds; of account-level fields. */
  time: unknown;
  /** The unit alone, as a call of Meta's. */
  envelope(): unknown;
}

type UnitKind = 'message' | 'status' | 'echo' | 'error' | 'address-book' | 'user-id' | 'group';

/** Lists inside a value, by field. Route by the field, never by the presence of a list (contract, "Seen in real payloads"). */
const messageLists = { messages: 'message', statuses: 'status', errors: 'error', message_echoes: 'echo' } as const;
const lists: Record<string, Record<string, UnitKind>> = {
  messages: messageLists,
  standby: messageLists,
  smb_message_echoes: { message_echoes: 'echo' },
  smb_app_state_sync: { state_sync: 'address-book' },
  user_id_update: { user_id_update: 'user-id' },
  group_lifecycle_update: { groups: 'group' },
  group_participants_update: { groups: 'group' },
};

/** Meta sends a thousand updates at most. Small elements would make millions of rows of one call. */
const MAX_UNITS = 5_000;

/** Throws on what is no call of Meta's at all. */
export function unitsOf(body: Uint8Array): Unit[] {
  const call = readJson(body);
  const entries = peek(call, 'entry');
  if (!Array.isArray(entries)) throw new Unreadable('The call has no entries');
  const units: Unit[] = [];
  for (const entry of entries as unknown[]) {
    for (const few of unitsOfEntry(peekName(call, 'object'), entry)) {
      if (units.length + few.length > MAX_UNITS) throw new Unreadable('The call holds more than Meta sends at once');
      units.push(...few);
    }
  }
  return units;
}

function* unitsOfEntry(object: string | undefined, entry: unknown): Generator<Unit[]> {
  const time = peek(entry, 'time');
  const head = { object, id: peekName(entry, 'id'), time: typeof time === 'number' ? time : peekName(time) };
  const changes = peek(entry, 'changes');
  if (!Array.isArray(changes)) yield [broken(head, entry)];
  else for (const change of changes as unknown[]) yield unitsOfChange(head, change);
}

/** What all units of an entry share; short, for each writes it into its own envelope. */
interface Head {
  object: string | undefined;
  id: string | undefined;
  time: number | string | undefined;
}

function unitsOfChange(head: Head, change: unknown): Unit[] {
  const field = peekName(change, 'field');
  const value = peek(change, 'value');
  if (field === undefined || value === null || typeof value !== 'object') return [broken(head, change)];
  const shared = {
    field,
    standby: field === 'standby',
    time: head.time,
    wabaId: wabaOf(head, value),
    phoneNumberId: peekName(value, 'metadata', 'phone_number_id'),
    contact: undefined,
  };
  const known = Object.entries(lists[field] ?? {}).map(([name, kind]) => ({
    name,
    kind,
    elements: peek(inside(field, value), name),
  }));
  const present = known.filter(({ elements }) => elements != null);
  const whole = { data: value, envelope: () => enveloped(head, change) };
  if (present.length === 0) return [{ ...shared, ...whole, kind: 'change' }];
  const torn = present.filter(({ elements }) => !Array.isArray(elements));
  return [
    ...elementsOf(head, value, shared, present),
    ...torn.map(() => ({ ...shared, ...whole, kind: 'broken' as const })),
  ];
}

/** While another app leads the conversation, everything stands one level deeper. */
const inside = (field: string, value: object): unknown => (field === 'standby' ? peek(value, 'standby') : value);

type Shared = Omit<Unit, 'kind' | 'data' | 'envelope'>;
interface List {
  name: string;
  kind: UnitKind;
  elements: unknown;
}

function elementsOf(head: Head, value: object, shared: Shared, present: List[]): Unit[] {
  const { field, standby } = shared;
  const found = present.flatMap(({ name, kind, elements }) =>
    Array.isArray(elements) ? elements.slice(0, MAX_UNITS + 1).map((data: unknown) => ({ name, kind, data })) : [],
  );
  const contactOf = contactFor(peek(inside(field, value), 'contacts') ?? peek(value, 'contacts'), found);
  const about = { messaging_product: peekName(value, 'messaging_product'), metadata: numberIn(value) };
  return found.map((element) => {
    const contact = contactOf(element);
    const alone = { ...(contact !== undefined && { contacts: [contact] }), [element.name]: [element.data] };
    const lone = { field, value: { ...about, ...(standby ? { standby: alone } : alone) } };
    return { ...shared, kind: element.kind, data: element.data, contact, envelope: () => enveloped(head, lone) };
  });
}

function numberIn(value: object) {
  const [display_phone_number, phone_number_id] = ['display_phone_number', 'phone_number_id'].map((name) =>
    peekName(value, 'metadata', name),
  );
  return { display_phone_number, phone_number_id };
}

/** `entry.id`, but for a partner's new account, where that is the partner's own id. */
function wabaOf(head: Head, value: object): string | undefined {
  return peekName(value, 'waba_info', 'waba_id') ?? head.id;
}

function broken(head: Head, data: unknown): Unit {
  return {
    kind: 'broken',
    field: '',
    data,
    wabaId: head.id,
    contact: undefined,
    standby: false,
    time: head.time,
    envelope: () => enveloped(head, data),
  };
}

function enveloped({ object, id, time }: Head, change: unknown) {
  return { object, entry: [{ id, time, changes: [change] }] };
}
