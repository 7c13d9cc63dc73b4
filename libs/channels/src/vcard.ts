import type { Content } from '@parley/contracts/content';

export type ContactCard = Extract<Content, { type: 'contacts' }>['contacts'][number];

/** What an address book shows of a vCard. Lenient: phones write 2.1, 3.0 and 4.0, and leave out what they like. */
export function readVcard(vcard: string, displayName: string | null): ContactCard {
  const card: ContactCard = { name: '', phones: [], emails: [], organisation: null };
  for (const line of vcard.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const [name = '', ...parameters] = line.slice(0, colon).split(';');
    addProperty(card, name, parameters, unescaped(line.slice(colon + 1)));
  }
  card.name = displayName ?? (card.name || (card.phones[0] ?? card.emails[0] ?? ''));
  return card;
}

function addProperty(card: ContactCard, name: string, parameters: string[], value: string) {
  switch (
    name.replace(/^.*\./, '').toUpperCase() // "item1.TEL"
  ) {
    case 'FN':
      card.name = value;
      break;
    case 'ORG':
      card.organisation = value.split(';').filter(Boolean).join(', ') || null;
      break;
    case 'EMAIL':
      if (value) card.emails.push(value);
      break;
    case 'TEL': {
      const waid = parameters.find((parameter) => parameter.toLowerCase().startsWith('waid='))?.slice(5);
      const phone = value || (waid && `+${waid}`);
      if (phone) card.phones.push(phone);
      break;
    }
  }
}

const unescaped = (text: string) =>
  text
    .replace(/\\n/gi, ' ')
    .replace(/\\([,;:\\])/g, '$1')
    .trim();
