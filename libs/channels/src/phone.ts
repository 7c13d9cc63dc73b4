/** "+15550107788" from what WhatsApp calls digits, with or without "+"; `undefined` for anything that is no number. */
export function e164(digits: string): string | undefined {
  const match = /^\+?(\d{1,20})$/.exec(digits);
  return match ? `+${match[1]}` : undefined;
}
