import type { Locator } from '@playwright/test';
import type { Inbox } from './support/inbox';
import type { Customer } from './support/customer';
import { expect, test } from './support/journey';
import { Steps } from './support/steps';

/** The jobs of the day that are built so far, with the steps that each may take by pointer and by key. */
const table: { job: string; by: 'pointer' | 'keys'; steps: number; atMost: number }[] = [];

test.afterAll(() => console.table(table));

function job(title: string, atMost: { pointer: number; keys: number }, run: Run): void {
  for (const by of ['pointer', 'keys'] as const) {
    test(`${title}, by ${by}, in at most ${atMost[by]} steps`, async ({ inboxOf, customerOf }) => {
      const inbox = await inboxOf('agent@acme.test');
      const steps = new Steps(inbox.page);
      await run({ inbox, customerOf, steps, by });
      table.push({ job: title, by, steps: steps.count, atMost: atMost[by] });
      expect(steps.count).toBeLessThanOrEqual(atMost[by]);
    });
  }
}

const DAY_MS = 86_400_000;

interface Scene {
  inbox: Inbox;
  customerOf: (tenant: 'acme', provider: 'evolution' | 'cloud-api') => Customer;
  steps: Steps;
  by: 'pointer' | 'keys';
}
type Run = (scene: Scene) => Promise<void>;

job('Answer who waits next, resolve', { pointer: 3, keys: 3 }, async ({ inbox, customerOf, steps, by }) => {
  const [one, next] = [customerOf('acme', 'evolution'), customerOf('acme', 'evolution')];
  const surname = next.name.split(' ')[1] ?? '';
  await one.write('I wait as well', { name: `Nuno ${surname}` });
  await next.write('Are you still there?');
  const { page } = inbox;
  // A queue of these two alone, with the other one open.
  await page.goto(`/inbox?q=${surname}`);
  await inbox.openRow(`Nuno ${surname}`);
  await expect(inbox.composer).toBeFocused();
  await expect(inbox.row(next.name)).toBeVisible();

  if (by === 'pointer') await steps.click(inbox.row(next.name));
  else await steps.press('Alt+ArrowDown');
  await expect(inbox.heading(next.name)).toBeVisible();
  await expect(inbox.composer).toBeFocused();
  await steps.type('Here we are.');
  if (by === 'pointer') await steps.click(page.getByRole('button', { name: 'Send and resolve' }));
  else await steps.press('Control+Shift+Enter');

  await expect(inbox.heading(`Nuno ${surname}`)).toBeVisible(); // who waits next
  await expect(inbox.composer).toBeFocused();
  await expect.poll(() => next.received()).toMatchObject([{ text: 'Here we are.' }]);
});

job('Find a customer by name, answer', { pointer: 5, keys: 5 }, async ({ inbox, customerOf, steps, by }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('My order is late');
  const { page } = await inbox.open('mine');

  if (by === 'pointer') await steps.click(page.getByRole('button', { name: 'Search by name or number' }).first());
  else await steps.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await steps.type(customer.name);
  await expect(inbox.row(customer.name)).toBeVisible();
  if (by === 'pointer') await steps.click(inbox.row(customer.name));
  else await steps.press('Enter');
  await expect(inbox.composer).toBeFocused();
  await steps.type('It leaves today.');
  if (by === 'pointer') await steps.click(page.getByRole('button', { name: 'Send', exact: true }));
  else await steps.press('Enter');
  await expect.poll(() => customer.received()).toMatchObject([{ text: 'It leaves today.' }]);
});

job('Hand over to a colleague', { pointer: 3, keys: 3 }, async ({ inbox, customerOf, steps, by }) => {
  const customer = customerOf('acme', 'evolution');
  await customer.write('I would like to speak to Jonas');
  const { page } = await inbox.open('all');
  await inbox.openRow(customer.name);
  await expect(inbox.composer).toBeFocused();
  await inbox.composer.blur();

  const assignee = page.getByRole('button', { name: /^Assignee:/ }).first();
  if (by === 'pointer') {
    await steps.click(assignee);
    await steps.click(page.getByRole('option', { name: 'Jonas Lind' }));
  } else {
    await steps.press('a');
    await expect(page.getByRole('combobox', { name: 'Find a person' })).toBeFocused();
    await steps.type('jonas');
    await expect(page.getByRole('option', { name: 'Jonas Lind' })).toBeVisible();
    await steps.press('Enter');
  }
  await expect(page.getByText('Handed to Jonas Lind.')).toBeVisible();
});

job('Closed window: a template with two values', { pointer: 4, keys: 5 }, async ({ inbox, customerOf, steps, by }) => {
  const customer = customerOf('acme', 'cloud-api');
  await customer.write('See you some day', { at: Date.now() - 2 * DAY_MS });
  const { page } = await inbox.open('all');
  await inbox.openRow(customer.name);
  const picker = page.getByRole('region', { name: 'Templates' });
  const search = picker.getByRole('combobox');
  await expect(search).toBeFocused();
  // What this browser sent last stands first. The customer's name is known, date and time are not.
  const wanted = picker.getByRole('option', { name: /^appointment reminder.*en-us$/i });
  await send(picker, 'appointment', { date: 'Monday', time: '09:00' });
  await picker.getByRole('button', { name: 'Send another template' }).click();
  await expect(wanted).toHaveAttribute('aria-selected', 'true');
  await search.blur();

  if (by === 'pointer') {
    await steps.click(wanted);
    await steps.type('Friday', { click: picker.getByLabel('date') });
    await steps.type('10:00', { click: picker.getByLabel('time') });
    await steps.click(picker.getByRole('button', { name: 'Send template' }));
  } else {
    await steps.press('r');
    await expect(search).toBeFocused();
    await steps.press('Enter');
    await expect(picker.getByLabel('date')).toBeFocused();
    await steps.type('Friday');
    await steps.type('10:00', { key: 'Enter' });
    await steps.press('Enter');
  }
  await expect.poll(() => customer.received()).toHaveLength(2);
});

/** Looks a template up and sends it, by keys; nobody counts. */
async function send(picker: Locator, search: string, values: Record<string, string>): Promise<void> {
  const { keyboard } = picker.page();
  await keyboard.type(search);
  await keyboard.press('Enter');
  for (const [name, value] of Object.entries(values)) {
    await expect(picker.getByLabel(name)).toBeFocused();
    await keyboard.type(value);
    await keyboard.press('Enter');
  }
}
