import { refusals } from '@parley/contracts/messages';
import { expect, it } from 'vitest';
import { closedWindow, explainRefusal, explainUnknown, explainWait } from './refusals';

const about = { channel: 'whatsapp', accountName: 'Sales' } as const;
const sentences = [
  ...[...refusals, null].map((reason) => explainRefusal(reason, about)),
  ...(['throttled', 'disconnected', 'provider'] as const).map((reason) => explainWait(reason, about)),
  explainUnknown({ canAsk: true }),
  explainUnknown({ canAsk: false }),
];

it('says what happened and what to do, in plain words', () => {
  for (const sentence of sentences) {
    expect(sentence.split('. ').length).toBeGreaterThan(1);
    expect(sentence).not.toMatch(/oops|please|successfully|invalid|error|\d{3}|!|evolution|cloud/i);
  }
  expect(new Set(sentences).size).toBe(sentences.length);
});

it('names the person and the hours where they are known', () => {
  expect(closedWindow({ ...about, contactName: 'Hassan', closedHoursAgo: 2 })).toBe(
    'WhatsApp closed free replies 2 h ago. Send a template; when Hassan answers, you can write freely.',
  );
  expect(explainRefusal('window', about)).toMatch(/^WhatsApp closed free replies here\. Send a template/);
});
