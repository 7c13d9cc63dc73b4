import type { Chord } from './shortcuts';

const signs: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc', Enter: '↵' };

/** A chord as one reads it, key by key: ["Ctrl", "Shift", "E"]. */
export function keyWords({ code, key, mod, shift, alt }: Chord, mac: boolean): string[] {
  const last = key ?? signs[code ?? ''] ?? (code ?? '').replace(/^Key|^Digit/, '');
  return [mod && (mac ? '⌘' : 'Ctrl'), shift && (mac ? '⇧' : 'Shift'), alt && (mac ? '⌥' : 'Alt'), last].filter(
    (part) => part !== undefined && part !== false,
  );
}
