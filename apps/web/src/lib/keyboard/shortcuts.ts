/** One chord. Letters go by the key's place, so that no layout moves them; signs by what is printed. */
export interface Chord {
  code?: string;
  key?: string;
  /** Command on a Mac, Control elsewhere. */
  mod?: boolean;
  shift?: boolean;
  alt?: boolean;
}

interface Shortcut {
  /** Any of them; with `after`, only right after that key. */
  chords: Chord[];
  after?: string;
  /** Not on a button, link or row: there the key is theirs. */
  offControls?: boolean;
  /** Also while one types. Chords without a modifier never are, Escape and F6 apart. */
  whileTyping?: boolean;
}

/**
 * Every shortcut of the inbox, in the order that the help shows them. Never Ctrl+Alt+letter (AltGr writes ă, ș, ț) nor
 * Option+letter (ã, õ on a Mac).
 */
export const shortcuts = {
  nextWaiting: { chords: [{ code: 'ArrowDown', alt: true }], whileTyping: true },
  previousWaiting: { chords: [{ code: 'ArrowUp', alt: true }], whileTyping: true },
  next: { chords: [{ code: 'KeyJ' }] },
  previous: { chords: [{ code: 'KeyK' }] },
  open: { chords: [{ code: 'Enter' }], offControls: true },
  reply: { chords: [{ code: 'KeyR' }] },
  leave: { chords: [{ code: 'Escape' }], whileTyping: true },
  search: { chords: [{ key: '/' }] },
  help: { chords: [{ key: '?' }] },
  resolve: { chords: [{ code: 'KeyE' }] },
  resolveAndNext: { chords: [{ code: 'KeyE', mod: true, shift: true }], whileTyping: true },
  assign: { chords: [{ code: 'KeyA' }] },
  assignToMe: { chords: [{ code: 'KeyI' }] },
  label: { chords: [{ code: 'KeyL' }] },
  unread: { chords: [{ code: 'KeyU' }] },
  panel: { chords: [{ key: ']' }] },
  compose: { chords: [{ code: 'KeyC' }] },
  goToInbox: { chords: [{ code: 'KeyI' }], after: 'KeyG' },
  goToSettings: { chords: [{ code: 'KeyS' }], after: 'KeyG' },
  undo: { chords: [{ code: 'KeyZ', mod: true }] },
  nextPane: { chords: [{ code: 'F6' }], whileTyping: true },
  previousPane: { chords: [{ code: 'F6', shift: true }], whileTyping: true },
} satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof shortcuts;

/** What of a keyboard event decides; a plain object, so that it can be tested. */
export interface KeyPress {
  code: string;
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  isComposing: boolean;
}

interface Situation {
  typing: boolean;
  /** Something that takes Enter itself has the focus. */
  onControl: boolean;
  /** A menu or dialog has the focus: its own keys alone count. */
  inPopup: boolean;
  mac: boolean;
  /** The key pressed just before, if it was a leading one. */
  after: string | null;
}

/** Which shortcut a key press means, if any. */
export function shortcutOf(press: KeyPress, situation: Situation): ShortcutId | null {
  if (press.isComposing || situation.inPopup) return null;
  const meant = (Object.entries(shortcuts) as [ShortcutId, Shortcut][]).filter(
    ([, { chords, whileTyping = false, offControls = false, after }]) =>
      (!situation.typing || whileTyping) &&
      !(situation.onControl && offControls) &&
      (after ?? null) === situation.after &&
      chords.some((chord) => isPressed(chord, press, situation.mac)),
  );
  return meant[0]?.[0] ?? null;
}

/** A key that begins a sequence. */
export function leads(press: KeyPress, situation: Situation): boolean {
  const bare = !press.ctrlKey && !press.metaKey && !press.altKey && !press.shiftKey;
  return bare && !press.isComposing && !situation.typing && !situation.inPopup && press.code === 'KeyG';
}

function isPressed(chord: Chord, press: KeyPress, mac: boolean): boolean {
  const [mod, otherMod] = mac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  if (mod !== (chord.mod ?? false) || otherMod) return false;
  if (chord.key !== undefined) return press.key === chord.key && !chord.mod; // Shift and AltGr may be what makes the sign
  return (
    press.code === chord.code && press.shiftKey === (chord.shift ?? false) && press.altKey === (chord.alt ?? false)
  );
}
