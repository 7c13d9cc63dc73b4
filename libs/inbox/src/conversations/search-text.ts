/** What the contact search looks through: lower case, without accents, at most 500 characters. */
export function searchTextOf(parts: (string | null)[]): string {
  return fold(parts.filter((part) => part).join(' '))
    .slice(0, 500)
    .toWellFormed();
}

/** The same folding for what a person types; `%` and `_` mean themselves. */
export function searchPatternOf(q: string): string {
  return `%${fold(q).replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
