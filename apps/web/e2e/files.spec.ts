import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/journey';
import { atEachSize, sizes } from './support/pictures';
import { expectUsable } from './support/usable';

test('what a customer sends is seen, heard and kept', async ({ inboxOf, customerOf }, info) => {
  const customer = customerOf('acme', 'evolution');
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

  for (const text of ['our yard', '', '', '', '', '']) await customer.write(text, { kind: 'image' });
  const album = inbox.message('our yard');
  const photos = album.getByRole('link', { name: 'Open Photo' });
  await album.getByRole('button', { name: 'show all' }).click();
  await expect(photos).toHaveCount(6);
  await photos.nth(4).hover();
  await album.getByRole('button', { name: 'Reply' }).click();
  await inbox.answer('Which part of it is *yours*?');
  const quote = thread.getByRole('button', { name: 'Go to the original' });
  await quote.click();
  await expect(album.locator('[data-picture]').nth(4)).toHaveCSS('outline-style', 'solid');
  await expect(album).toBeFocused();

  await photos.nth(4).hover();
  await album.getByText('our yard').hover(); // its words speak for all of it
  await album.getByRole('button', { name: 'Reply' }).click();
  await inbox.answer('All of it?');
  await expect(inbox.message('All of it?')).toContainText('our yard');
  await atEachSize(page, info, 'look-files');
});

test('an album holds its place until its part of the page is here', async ({ inboxOf, customerOf }) => {
  const other = customerOf('acme', 'evolution');
  await other.write('Hello');
  const customer = customerOf('acme', 'evolution');
  for (const text of ['our yard', '', '', '', '']) await customer.write(text, { kind: 'image' });
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  const { page, thread } = inbox;
  await inbox.openRow(other.name);
  await expect(inbox.composer).toBeVisible(); // what every thread needs is here

  let letThrough: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await late;
    await route.continue();
  });
  await inbox.openRow(customer.name);
  const album = inbox.message('our yard');
  await expect(album.locator('[data-picture]')).toHaveCount(4);
  await expect(album.getByRole('link')).toHaveCount(0);
  const place = async () => ({ box: await album.boundingBox(), top: await thread.evaluate((log) => log.scrollTop) });
  const before = await place();
  letThrough();
  await expect(album.getByRole('link', { name: 'Open Photo' })).toHaveCount(4);
  expect(await place()).toEqual(before);
});

test('a picture opens large, and from it one goes to those before and after', async ({ inboxOf, customerOf }, info) => {
  const customer = customerOf('acme', 'evolution');
  const ago = (seconds: number) => ({ at: Date.now() - seconds * 1_000 }); // in this order, whoever comes first
  await customer.write('the yard', { kind: 'image', ...ago(40) });
  await customer.write('in between', ago(30));
  await customer.write('the gate', { kind: 'image', ...ago(20) });
  await customer.write('so it turns', { kind: 'video', ...ago(10) });
  const inbox = await (await inboxOf('agent@acme.test', { viewport: sizes[1440] })).open('all');
  await inbox.openRow(customer.name);
  const { page } = inbox;
  const link = inbox.message('the gate').getByRole('link', { name: 'Open Photo' });
  const viewer = page.getByRole('dialog', { name: customer.name });
  const isAt = async (words: string, caption: string) => {
    await expect(viewer.getByRole('status')).toHaveText(words);
    await expect(viewer).toContainText(caption);
  };

  await link.click();
  await isAt('2 of 3', 'the gate');
  const large = viewer.getByRole('img', { name: 'Photo' });
  await expect.poll(() => large.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  expect(page.context().pages()).toHaveLength(1);
  await expectUsable(page);
  await atEachSize(page, info, 'look-viewer');

  await page.keyboard.press('ArrowLeft');
  await isAt('1 of 3', 'the yard');
  await page.keyboard.press('ArrowLeft');
  await isAt('1 of 3', 'the yard');
  await viewer.getByRole('button', { name: 'Next picture' }).click();
  await isAt('2 of 3', 'the gate');
  await viewer.getByRole('button', { name: 'Next picture' }).click();
  await isAt('3 of 3', 'so it turns');
  await page.keyboard.press('ArrowLeft');
  await isAt('2 of 3', 'the gate');

  const saving = page.waitForEvent('download');
  await viewer.getByRole('link', { name: 'Save' }).click();
  expect(new URL((await saving).url()).pathname).toMatch(/^\/files\//);

  await page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
  await expect(link).toBeFocused();
  await page.keyboard.press('Enter');
  await isAt('2 of 3', 'the gate');
  await viewer.getByRole('button', { name: 'Close' }).click();
  await expect(link).toBeFocused();
});

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

/** As Safari before 18.4. */
function knowsNoOgg(page: Page): Promise<unknown> {
  return page.addInitScript(() => {
    const knows = HTMLMediaElement.prototype.canPlayType;
    HTMLMediaElement.prototype.canPlayType = function (type) {
      return type.includes('ogg') ? '' : knows.call(this, type);
    };
  });
}

test('a voice note plays where the browser knows no Opus in Ogg', async ({ inboxOf, customerOf }) => {
  const other = customerOf('acme', 'evolution');
  await other.write('Hello');
  const customer = customerOf('acme', 'evolution');
  await customer.write('', { kind: 'voice' });
  await customer.write('', { kind: 'voice' });
  const inbox = await inboxOf('agent@acme.test');
  const { page, thread } = inbox;
  await knowsNoOgg(page);
  const givenToElements: string[] = [];
  page.on('request', (request) => void (request.resourceType() === 'media' && givenToElements.push(request.url())));
  let letThrough: () => void = () => undefined;
  const late = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/files/*', async (route) => {
    await late;
    await route.continue();
  });
  await inbox.open('all');
  await inbox.openRow(customer.name);
  const notes = thread.getByRole('group', { name: 'Voice message' });
  await expect(notes).toHaveCount(2);
  const voice = notes.first();
  const audio = voice.locator('audio');
  const of = (each: Locator) =>
    each.evaluate(({ currentTime, duration, paused, playbackRate }: HTMLAudioElement) => ({
      currentTime,
      duration,
      paused,
      playbackRate,
    }));

  const play = voice.getByRole('button', { name: 'Play' });
  await expect(play).toBeEnabled();
  await expect(audio).not.toHaveAttribute('src');
  await voice.getByRole('button', { name: 'Speed: 1×' }).click();
  await play.click();
  await expect(play).toHaveAttribute('aria-busy', 'true');
  await expect(audio).not.toHaveAttribute('src');
  letThrough();
  await expect(audio).toHaveAttribute('src', /^blob:/);
  await expect.poll(async () => (await of(audio)).currentTime).toBeGreaterThan(0);
  expect(await of(audio)).toMatchObject({ playbackRate: 1.5 });
  expect((await of(audio)).duration).toBeCloseTo(6.01, 1);

  await voice.getByRole('button', { name: 'Pause' }).click();
  expect(await of(audio)).toMatchObject({ paused: true });
  await voice.getByRole('slider', { name: 'Position' }).focus();
  await page.keyboard.press('ArrowRight');
  expect((await of(audio)).currentTime).toBeGreaterThan(5);
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await of(audio)).currentTime).toBeLessThan(2);
  await play.click();
  await expect.poll(async () => (await of(audio)).paused).toBe(false);

  await notes.nth(1).getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => (await of(notes.nth(1).locator('audio'))).currentTime).toBeGreaterThan(0);
  expect(await of(audio)).toMatchObject({ paused: true });

  const copy = (await audio.getAttribute('src')) ?? '';
  const isKept = () =>
    page.evaluate((src) => {
      const probe = new Audio(src);
      return new Promise((resolve) => {
        probe.onloadedmetadata = () => resolve(true);
        probe.onerror = () => resolve(false);
      });
    }, copy);
  expect(await isKept()).toBe(true);
  await inbox.openRow(other.name);
  await expect(notes).toHaveCount(0);
  expect(await isKept()).toBe(false);
  expect(givenToElements.filter((url) => !url.startsWith('blob:'))).toEqual([]);
});

test('a voice note that cannot be decoded says so, and can be kept', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('', { kind: 'voice' });
  const inbox = await inboxOf('agent@acme.test');
  const { page, thread } = inbox;
  await knowsNoOgg(page);
  const note = await readFile(path.resolve(import.meta.dirname, '../../simulator/media/voice.ogg'));
  const broken = note.fill(7, 97); // behind its two heads
  await page.route('**/files/*', (route) => route.fulfill({ contentType: 'audio/ogg', body: broken }));
  await inbox.open('all');
  await inbox.openRow(customer.name);
  await thread.getByRole('button', { name: 'Play' }).click();
  await expect(thread).toContainText('Voice message did not load');
  await expect(thread.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(thread.getByRole('link', { name: 'Save' })).toHaveAttribute('href', /^\/files\//);
});

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const png = (name: string) => ({ name, mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') });

test('a file is picked, pasted or dropped, and reaches the customer', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Hello');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);
  const { page, composer } = inbox;
  const tray = page.getByRole('list', { name: 'Files to send' });

  await page.locator('input[type=file]').setInputFiles(png('pedal.png'));
  await expect(tray).toContainText('pedal.png');
  await inbox.answer('the pedal');
  await expect(tray).toBeHidden();
  const photo = inbox.message('the pedal').getByRole('link', { name: 'Open Photo' });
  await expect
    .poll(() => photo.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
    .toBeGreaterThan(0);

  for (const how of ['paste', 'drop'] as const) {
    await composer.evaluate(
      (field, { bytes, kind }) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
        data.items.add(new File([content], `${kind}.png`, { type: 'image/png' }));
        const about = { bubbles: true, cancelable: true };
        field.dispatchEvent(
          kind === 'paste'
            ? new ClipboardEvent(kind, { ...about, clipboardData: data })
            : new DragEvent(kind, { ...about, dataTransfer: data }),
        );
      },
      { bytes: dot, kind: how },
    );
    await expect(tray).toContainText(`${how}.png`);
    await inbox.answer(`by ${how}`);
  }
  await expect
    .poll(async () => (await customer.received()).map(({ kind, text }) => [kind, text]))
    .toEqual([
      ['image', 'the pedal'],
      ['image', 'by paste'],
      ['image', 'by drop'],
    ]);
});

test('a file waits over a reload, and one that is taken back is never sent', async ({ inboxOf, customerOf }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('Hello');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);
  const { page, thread } = inbox;
  const parts = '**/api/inbox/uploads/*';
  await page.route(parts, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));

  await page.locator('input[type=file]').setInputFiles([png('unwanted.png'), png('wanted.png')]);
  await inbox.composer.press('Enter');
  const cancel = thread.getByRole('button', { name: 'Cancel' });
  await expect(cancel).toHaveCount(2);
  await cancel.first().click();
  await expect(cancel).toHaveCount(1);
  await page.reload();
  await expect(cancel).toHaveCount(1);
  await page.unroute(parts);
  await expect.poll(async () => (await customer.received()).map(({ kind }) => kind)).toEqual(['image']);
  await expect(cancel).toHaveCount(0);
});

test('what the channel does not take is said before it leaves, in the server’s words', async ({
  inboxOf,
  customerOf,
}) => {
  const customer = customerOf('acme', 'cloud-api');
  await customer.write('Hello');
  const inbox = await (await inboxOf('agent@acme.test')).open('all');
  await inbox.openRow(customer.name);
  const { page } = inbox;
  await page.locator('input[type=file]').setInputFiles({ ...png('a.gif'), mimeType: 'image/gif' });
  const words = 'This channel does not take files of the type image/gif.';
  const refusal = page.getByRole('alert').filter({ hasText: words });
  await expect(refusal).toBeVisible();
  await inbox.composer.press('Enter');
  await expect(refusal).toBeVisible();
  await page.getByRole('button', { name: 'Do not send a.gif' }).click();
  await expect(refusal).toBeHidden();
});
