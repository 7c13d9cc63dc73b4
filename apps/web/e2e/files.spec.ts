import { readFile } from 'node:fs/promises';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';

for (const provider of ['evolution', 'cloud-api', 'green-api'] as const) {
  test(`what a customer sends over ${provider} is seen, heard and kept`, async ({ inboxOf, customerOf }, info) => {
    const customer = customerOf('acme', provider);
    await customer.write('the pedal', { kind: 'image' });
    await customer.write('so it turns', { kind: 'video' });
    await customer.write('', { kind: 'voice' });
    await customer.write('', { kind: 'sticker' });
    await customer.write('', { kind: 'document', fileName: 'quote-118.pdf' });
    const inbox = await (await inboxOf('agent@acme.test', { viewport: sizes[1440] })).open('all');
    await inbox.openRow(customer.name);
    const { page, thread } = inbox;

    const photo = inbox.message('the pedal').getByRole('link', { name: 'Open Photo' });
    await expect
      .poll(() => photo.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(0);
    await expect
      .poll(() =>
        inbox
          .message('so it turns')
          .locator('video')
          .evaluate((video: HTMLVideoElement) => video.videoWidth),
      )
      .toBeGreaterThan(0);
    const sticker = thread.getByRole('img', { name: 'Sticker' });
    await expect.poll(() => sticker.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);

    const voice = thread.getByRole('group', { name: 'Voice message' });
    await voice.getByRole('button', { name: 'Play' }).click();
    await expect
      .poll(() => voice.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime))
      .toBeGreaterThan(0);
    await voice.getByRole('button', { name: 'Speed: 1×' }).click();
    expect(await voice.locator('audio').evaluate((audio: HTMLAudioElement) => audio.playbackRate)).toBe(1.5);

    const saving = page.waitForEvent('download');
    await inbox.message('quote-118.pdf').getByRole('link', { name: 'Save' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('quote-118.pdf');
    expect((await readFile(await saved.path())).subarray(0, 5).toString()).toBe('%PDF-');

    await voice.locator('audio').evaluate((audio: HTMLAudioElement) => audio.pause());
    if (provider === 'evolution') await atEachSize(page, info, 'look-files');
  });
}

test('a link that ended is followed by a new one', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('the cup', { kind: 'image' });
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page } = inbox;
  let ended = 0;
  await page.route(
    ({ pathname }) => pathname.startsWith('/files/'),
    async (route) => (ended++ ? route.continue() : route.fulfill({ status: 404 })),
  );
  await inbox.openRow(customer.name);
  const photo = inbox.message('the cup').locator('img');
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  expect(ended).toBeGreaterThan(1);
});
