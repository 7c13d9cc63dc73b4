/** What the contact search looks through: lower case, without accents, at most 500 characters. */
export function searchTextOf(parts: (string | null)[]): string {
  return fold(parts.filter((part) => part).join(' '))
    .slice(0, 500)
    .toWellFormed();
}

/** The same folding for what a person types; `%` and `_` mean themselves, and numbers are found however they are grouped. */
export function searchPatternOf(q: string): string {
  const text = isNumber(q) ? q.replace(/[\s().-]/g, '') : fold(q);
  return `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
}

/** Addresses are kept without what people put between their digits. */
function isNumber(q: string): boolean {
  return /^\+?[\d\s().-]+$/.test(q) && q.replace(/\D/g, '').length >= 5;
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
