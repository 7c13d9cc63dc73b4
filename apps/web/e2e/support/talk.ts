import { expect, type Locator } from '@playwright/test';
import type { Customer } from './customer';
import type { Inbox } from './inbox';

type Kind = [event: Record<string, unknown>, seen: (inbox: Inbox) => Locator];

/** What customers send beside words, and where an agent finds it. */
const kinds = {
  image: [{ text: 'the pedal' }, (inbox) => inbox.message('the pedal').getByRole('link', { name: 'Open Photo' })],
  video: [{ text: 'so it turns' }, (inbox) => inbox.message('so it turns').locator('video')],
  audio: [{}, ({ thread }) => thread.getByRole('group', { name: 'Audio' })],
  voice: [{}, ({ thread }) => thread.getByRole('group', { name: 'Voice message' })],
  document: [
    { fileName: 'quote-118.pdf' },
    (inbox) => inbox.message('quote-118.pdf').getByRole('link', { name: 'Save' }),
  ],
  sticker: [{}, ({ thread }) => thread.getByRole('img', { name: 'Sticker' })],
  location: [{ title: 'Depot 4' }, (inbox) => inbox.message('Depot 4').getByRole('link', { name: 'Open map' })],
  contact: [{ contacts: [{ name: 'Ted Orr', phone: '+15550103311' }] }, (inbox) => inbox.message('Ted Orr')],
  poll: [{ text: 'Lunch?', options: ['Soup', 'Rice'] }, (inbox) => inbox.message('Lunch?').getByText('Rice')],
} satisfies Record<string, Kind>;
type KindName = keyof typeof kinds;
export const everyKind = Object.keys(kinds) as KindName[];

interface Channel {
  sends: readonly KindName[];
  told: RegExp;
  /** Whether ours can be given; theirs always come. */
  reacts: boolean;
}

const ASKED = 'Can you do all of this?';
const ANSWERED = 'All of it, from ten until four.';
const hours = { name: 'hours.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 closed') };

/**
 * A customer sends one of each kind that their channel has; an agent sees them, and answers with words, a reaction, a reply and a
 * file, which reach the customer. `told`: how far the channel tells that words got.
 */
export async function talk(inbox: Inbox, customer: Customer, channel: Channel): Promise<void> {
  const { sends, told, reacts } = channel;
  const { page, thread } = inbox;
  const { account, phone: from, name } = customer;
  for (const kind of sends) await account.receive({ from, name, kind, ...kinds[kind][0] });
  await customer.write(ASKED);
  const before = page.viewportSize();
  await page.setViewportSize({ width: 1440, height: 3_000 }); // what is far from sight is not in the page
  await inbox.open('all');
  await inbox.openRow(name);
  for (const kind of sends) await expect(kinds[kind][1](inbox), kind).toBeVisible();

  await inbox.answer(ANSWERED);
  await expect(inbox.message(ANSWERED).getByText(told)).toBeVisible();
  const bar = page.getByRole('toolbar', { name: 'What to do with this message' });
  await inbox.message(ASKED).hover();
  const react = bar.getByRole('button', { name: 'React with 👍' });
  const reply = bar.getByRole('button', { name: 'Reply', exact: true });
  await expect(reply).toBeVisible();
  await expect(react).toHaveCount(reacts ? 1 : 0);
  if (reacts) {
    await react.click();
    await expect(thread.getByRole('button', { name: '👍 from You. Take yours back' })).toBeVisible();
    await page.mouse.move(700, 5); // the bar comes as the pointer does
    await inbox.message(ASKED).hover();
  }
  await reply.click();
  await inbox.answer('This one?');
  await expect(inbox.message('This one?').getByRole('button', { name: /^Answers / })).toBeVisible();
  await page.locator('input[type=file]').setInputFiles(hours);
  await expect(page.getByRole('list', { name: 'Files to send' })).toContainText('hours.pdf');
  await inbox.composer.press('Enter'); // not all channels take words with it
  await expect(inbox.message('hours.pdf').getByRole('link', { name: 'Save' })).toBeVisible();

  const reached = async () =>
    (await account.sent()).map(({ kind, text, replyTo }) => ({ kind, text, isReply: Boolean(replyTo) }));
  await expect
    .poll(reached)
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'text', text: ANSWERED, isReply: false }),
        expect.objectContaining({ kind: 'text', text: 'This one?', isReply: true }),
        expect.objectContaining({ kind: 'document' }),
      ]),
    );
  const answer = (await account.sent()).find(({ text }) => text === ANSWERED);
  await account.receive({ kind: 'reaction', from, name, target: answer?.externalId, emoji: '🎉' });
  await expect(inbox.message(ANSWERED).getByText('🎉')).toBeVisible();
  if (before) await page.setViewportSize(before);
}
