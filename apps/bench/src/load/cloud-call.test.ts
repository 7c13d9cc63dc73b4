import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { cloudCall, signed } from './cloud-call';

const door = { url: '', phoneNumberId: '104', wabaId: '7', tenant: 0 };

it('is a text of Meta’s, as large as wanted, that begins with its mark', () => {
  const body = cloudCall(door, { chat: 12, id: 'wamid.1', mark: '~run.1~ ', bytes: 2048 });
  expect(Buffer.byteLength(body)).toBe(2048);
  const { value } = JSON.parse(body).entry[0].changes[0];
  expect(value.messages[0]).toMatchObject({ id: 'wamid.1', from: value.contacts[0].wa_id, type: 'text' });
  expect(value.messages[0].text.body).toMatch(/^~run\.1~ \w/);
  const small = cloudCall(door, { chat: 12, id: 'wamid.1', mark: '~run.1~ ', bytes: 10 });
  expect(JSON.parse(small).entry[0].changes[0].value.messages[0].text.body).toBe('~run.1~ ');
});

it('is signed over its bytes', () => {
  const wanted = createHmac('sha256', 'secret').update('body').digest('hex');
  expect(signed('secret', 'body')['x-hub-signature-256']).toBe(`sha256=${wanted}`);
});
