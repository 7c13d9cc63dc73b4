import { digitsOf } from './ids';

const first = [
  'Rosa',
  'Ted',
  'Ana',
  'Hassan',
  'Priya',
  'Chloe',
  'Jonas',
  'Marta',
  'Ionuț',
  'Sofia',
  'Dmitri',
  'Lucas',
  'Bia',
  'Yara',
  'Noor',
  'Elif',
];
const last = [
  'Lind',
  'Orr',
  'Pell',
  'Demir',
  'Nair',
  'Martin',
  'Weber',
  'Oliveira',
  'Radu',
  'Lindqvist',
  'Volkov',
  'Pereira',
  'Costa',
  'Haddad',
  'Okafor',
  'Sato',
];

/** A name for whoever did not tell theirs: the same each time. People on WhatsApp always have one. */
export function nameFor(address: string): string {
  const number = Number(digitsOf(`name ${address}`, 6));
  return `${first[number % first.length]} ${last[Math.floor(number / first.length) % last.length]}`;
}
