/**
 * Text as Postgres and JSON can hold it: NUL left out, lone surrogates replaced by U+FFFD. Providers pass on both as
 * people's phones send them.
 */
export function cleanText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** Whether two texts say the same: phones and servers trim, join blanks and compose accents as they like. */
export function sameWords(one: string, other: string): boolean {
  return normalised(one) === normalised(other);
}

const normalised = (words: string) => words.normalize('NFC').replace(/\s+/g, ' ').trim();

/** `cleanText` for every string inside plain data of our own making, which is never deep. */
export function clean<Value>(value: Value): Value {
  return cleaned(value) as Value; // same shape: only strings change, and they stay strings
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cleaned(inner)]));
}
