import { createHmac } from 'node:crypto';
import type { APIRequestContext, BrowserContext, Page } from '@playwright/test';
import { expect, password, test } from './support/journey';
import { startCompanyProvider } from './support/open-id';
import { picture } from './support/pictures';
import { type FreshTenant, freshTenant, joinAs, post } from './support/tenant';
import { expectUsable } from './support/usable';

test('an invitation leads in with a name and a password, once', async ({ browser, inboxOf, page, baseURL }, info) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Vale Verde Imóveis');
  await page.goto(tenant.invitation);
  await expect(page.getByRole('heading', { name: 'Join Vale Verde Imóveis' })).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue(tenant.adminEmail);
  await expectUsable(page);
  await picture(page, info, 'invitation');
  await page.getByLabel('Name').fill('Rui Costa');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Vale Verde Imóveis, switch tenant' }).first()).toBeVisible();

  const other = await browser.newContext({ baseURL });
  const again = await other.newPage();
  await again.goto(tenant.invitation);
  await expect(again.getByRole('heading', { name: 'This invitation is over' })).toBeVisible();
  await other.close();
});

test('a second proof is set up by QR or typed secret, and asked for at the next sign-in; of everybody where a tenant wants it', async ({
  browser,
  inboxOf,
  baseURL,
}) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Casa cu Tei');
  const context = await browser.newContext({ baseURL });
  const email = await joinAs(context, tenant.invitation, 'Ioana Pop');
  const page = await context.newPage();
  await page.goto('/two-factor');
  const secret = await beginSecondProof(page);
  await expectUsable(page);
  await page.getByLabel('Code of six digits').fill('000 000');
  await page.getByRole('button', { name: 'Check the code' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'The code is wrong' })).toBeVisible();
  const [recovery = ''] = await endSecondProof(page, secret);

  await context.clearCookies();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Code of six digits')).toBeFocused();
  await expectUsable(page);
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'does not match' })).toBeVisible();
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(recovery);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();

  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Ask it of everybody' }).click();
  await expect(page.getByText('Everybody needs one')).toBeVisible();
  const guest = await browser.newContext({ baseURL });
  await joinKnown(guest, await freshTenant(platform.request, 'Atelier Nord'), context.request);
  await context.close();
  await guest.close();
});

test('a passkey is made with the password, opens the door without it, and no more once it is removed', async ({
  browser,
  inboxOf,
  baseURL,
}, info) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Vinhos do Vale');
  const context = await browser.newContext({ baseURL });
  await joinAs(context, tenant.invitation, 'Marta Reis');
  const page = await context.newPage();
  const device = await newDevice(page);
  await page.goto('/settings/you');
  const part = page.getByRole('region', { name: 'Passkeys' });
  await expect(part.getByText('None yet.')).toBeVisible();
  const add = async (secret: string) => {
    await page.getByLabel('Your password').fill(secret);
    await page.getByRole('button', { name: 'Go on' }).click();
  };
  await part.getByRole('button', { name: 'Add a passkey' }).click();
  await add('not the password');
  await expect(page.getByRole('alert').filter({ hasText: 'The password is wrong.' })).toBeVisible();
  await add(password);
  await expect(part.getByRole('listitem')).toHaveText(/Chrome on Linux/);
  await expectUsable(page);
  await picture(page, info, 'passkeys');

  const signIn = async () => {
    await context.clearCookies();
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  };
  await device.knowsItsOwner(false);
  await signIn();
  await expect(page.getByRole('alert').filter({ hasText: 'Your device said no' })).toBeVisible();
  expect(await signInUnasked(page)).toMatchObject({
    status: 422,
    detail: expect.stringContaining('finger, face or PIN'),
  });
  await device.knowsItsOwner(true);
  await signIn();
  await expect(page.getByRole('tab', { name: 'Mine' })).toBeVisible();

  await page.goto('/settings/you');
  await part.getByRole('button', { name: 'Remove Chrome on Linux' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(part.getByText('None yet.')).toBeVisible();
  await signIn();
  await expect(page.getByRole('alert').filter({ hasText: 'does not open anything here' })).toBeVisible();
  await context.close();
});

test('a company signs its people in: an admin sets its provider up, a newcomer comes in by it, and is out once it is removed', async ({
  browser,
  inboxOf,
  baseURL,
}, info) => {
  const { page: platform } = await inboxOf('super@parley.test');
  const tenant = await freshTenant(platform.request, 'Oficina Sul');
  const context = await browser.newContext({ baseURL });
  await joinAs(context, tenant.invitation, 'Marta Reis');
  const page = await context.newPage();
  await page.goto('/settings/security');
  const part = page.getByRole('region', { name: 'Sign-in by your company' });
  await expect(part.getByText('Not set up.')).toBeVisible();
  await part.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  const shown = (await dialog.getByText('/api/auth/company/callback/').textContent()) ?? '';
  // What the page shows is this install's public name; the browser here uses another of this machine's.
  const company = await startCompanyProvider(baseURL + shown.slice(shown.indexOf('/api/')).trim(), 'oficina.example');
  await dialog.getByLabel('Issuer').fill(company.issuer);
  await dialog.getByRole('button', { name: 'Check the provider' }).click();
  await expect(dialog.getByText('It publishes its keys')).toBeVisible();
  await dialog.getByLabel('Client ID').fill(company.clientId);
  await dialog.getByLabel('Client secret').fill(company.clientSecret);
  await dialog.getByLabel('E-mail domains').fill('Oficina.example');
  await dialog.getByLabel('Let colleagues in who are new').check();
  await expectUsable(page);
  await picture(page, info, 'company-sign-in-dialog');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(part.getByText('Comes in by themselves, as Agent')).toBeVisible();

  const guest = await browser.newContext({ baseURL });
  const entry = await guest.newPage();
  await entry.goto('/sign-in?company=no_member');
  await expect(entry.getByRole('alert').filter({ hasText: 'You are no member here' })).toBeVisible();
  await entry.getByRole('button', { name: 'Sign in with your company' }).click();
  await expect(entry.getByLabel('Company or e-mail')).toBeFocused();
  await entry.keyboard.type('nobody-at-all');
  await entry.keyboard.press('Enter');
  await expect(entry.getByRole('alert').filter({ hasText: 'No company signs in here by this name' })).toBeVisible();
  await expectUsable(entry);
  await picture(entry, info, 'company-sign-in');
  await entry.getByLabel('Company or e-mail').fill(tenant.slug);
  await entry.keyboard.press('Enter');
  await entry.getByPlaceholder('Enter any login').fill('ines');
  await entry.getByPlaceholder('and password').fill('anything');
  await entry.getByRole('button', { name: 'Sign-in' }).click();
  await entry.getByRole('button', { name: 'Continue' }).click();
  await expect(entry.getByRole('tab', { name: 'Mine' })).toBeVisible();
  await entry.goto('/settings/you');
  await expect(entry.getByText('ines@oficina.example')).toBeVisible();
  await expect(entry.getByText('Your company signed you in, for this inbox alone')).toBeVisible();
  await expect(entry.getByRole('region', { name: 'Passkeys' })).toHaveCount(0);

  await part.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(part.getByText('Not set up.')).toBeVisible();
  await expect(entry).toHaveURL(/\/sign-in/);
  await company.close();
  await guest.close();
  await context.close();
});

/** Somebody with a login from elsewhere comes into a tenant that asks for a second proof, by password and without one yet. */
async function joinKnown(context: BrowserContext, home: FreshTenant, host: APIRequestContext): Promise<void> {
  const email = await joinAs(context, home.invitation, 'Rui Costa');
  const { link } = (await post(host, '/api/invitations', { email, role: 'agent', via: 'link' })) as { link: string };
  await context.clearCookies();
  const page = await context.newPage();
  await page.goto(`/invitation${new URL(link).hash}`);
  await page.getByRole('button', { name: 'I have a login of this address already' }).click();
  await expect(page.getByText(`Enter the password of your login ${email}`)).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveCount(0);
  await expectUsable(page);
  await page.getByLabel('Password', { exact: true }).fill('not theirs 8');
  await page.getByRole('button', { name: 'Sign in and accept' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'password' })).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Casa cu Tei asks everybody for a second proof')).toBeVisible();
  await expectUsable(page);
  await page.getByRole('link', { name: 'Set it up' }).click();
  await endSecondProof(page, await beginSecondProof(page));
  await page.getByRole('button', { name: 'Go to the inbox' }).click();
  await expect(page.getByRole('button', { name: 'Casa cu Tei, switch tenant' }).first()).toBeVisible();
}

/** Answers the secret as one would type it into an authenticator. */
async function beginSecondProof(page: Page): Promise<string> {
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Begin' }).click();
  await expect(page.getByRole('img', { name: 'Code to scan' })).toBeVisible();
  return ((await page.getByText('Or type it in').locator('span').textContent()) ?? '').replace(/ /g, '');
}

/** Answers the recovery codes. */
async function endSecondProof(page: Page, secret: string): Promise<string[]> {
  await page.getByLabel('Code of six digits').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Check the code' }).click();
  await expect(page.getByText('Your second proof is on.')).toBeVisible();
  return page.getByRole('region', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
}

test('a forgotten password, a spent link and an install that has its super-admin say what to do', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgotten your password?' }).click();
  await page.getByLabel('E-mail').fill('nobody@acme.test');
  await expectUsable(page);
  await page.keyboard.press('Enter');
  await expect(page.getByText('If nobody@acme.test is known here')).toBeVisible();

  await page.goto('/new-password#spent');
  await page.getByLabel('New password').fill('another horse 8');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'This link was used before' })).toBeVisible();

  await page.goto('/setup#spent');
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('E-mail').fill('ana@parley.test');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await expectUsable(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').filter({ hasText: 'This link was used' })).toBeVisible();
});

/** A device of the browser's own that holds passkeys. */
async function newDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
  } as const;
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return {
    knowsItsOwner: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

/** As a page would that tells the device not to ask whose finger it is. */
function signInUnasked(page: Page): Promise<{ status: number; detail: string }> {
  return page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const ask = (path: string, body: object) =>
      fetch(`/api/auth/passkey/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const options = (await (
      await ask('generate-authenticate-options', {})
    ).json()) as PublicKeyCredentialRequestOptionsJSON;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: 'discouraged' });
    const credential = await navigator.credentials.get({ publicKey });
    const response = credential instanceof PublicKeyCredential && credential.toJSON();
    const answer = await ask('verify-authentication', { response });
    const { detail } = (await answer.json()) as { detail: string };
    return { status: answer.status, detail };
  });
}

/** RFC 6238, as an authenticator does it. */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', Buffer.from(bytes.map((byte) => parseInt(byte, 2))))
    .update(counter)
    .digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
