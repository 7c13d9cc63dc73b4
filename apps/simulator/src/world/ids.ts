import { createHash, randomBytes } from 'node:crypto';

/** `length` random characters of upper-case hex. */
export const randomHex = (length: number) =>
  randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length)
    .toUpperCase();

/** Random decimal digits that do not start with a zero. */
export function randomDigits(length: number): string {
  const digits = randomBytes(length).reduce((text, byte) => text + (byte % 10), '');
  return digits.replace(/^0/, '1');
}

/** A number of nobody, outside the range in which recipients are magic. */
export const randomPhone = () => `1555${2 + Math.floor(Math.random() * 8)}${randomDigits(6)}`;

/** Digits that are the same whenever the seed is: ids that must survive a reset. */
export function digitsOf(seed: string, length: number): string {
  const hash = createHash('sha256').update(seed).digest('hex');
  const digits = BigInt(`0x${hash}`).toString().slice(-length);
  return digits.padStart(length, '1').replace(/^0/, '1');
}

/** Hex that is the same whenever the seed is. */
export const hexOf = (seed: string, length: number) => createHash('sha256').update(seed).digest('hex').slice(0, length);

/** A UUID that is the same whenever the seed is. */
export function uuidOf(seed: string): string {
  const hex = hexOf(seed, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
