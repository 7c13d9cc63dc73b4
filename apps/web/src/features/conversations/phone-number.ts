/** "+351 912-345 678" → "+351912345678"; null: no number with a country code. */
export function normalised(to: string): string | null {
  const digits = to.replace(/[\s().-]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null;
}
