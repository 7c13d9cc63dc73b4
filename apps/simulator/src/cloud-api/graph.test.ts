import { describe, expect, it } from 'vitest';
import { call } from '../testing/harness';
import { newNumber, someMessages, stage, text } from '../testing/cloud-api-stage';

describe('auth', () => {
  it('tells a missing, an unknown and an expired token from a foreign object', async () => {
    const [mine, theirs] = [await newNumber(), await newNumber()];
    const path = `/${mine.config.phoneNumberId}`;
    expect((await mine.graph('GET', path, undefined, { authorization: '' })).json.error).toMatchObject({ code: 190 });
    expect((await mine.graph('GET', path, undefined, { authorization: 'Bearer made-up' })).status).toBe(401);
    expect((await mine.graph('GET', path, undefined, { authorization: 'Bearer expired-1' })).json.error).toMatchObject({
      code: 190,
      error_subcode: 463,
    });
    const foreign = await mine.graph('GET', `/${theirs.config.phoneNumberId}`);
    expect([foreign.status, foreign.json.error.code, foreign.json.error.error_subcode]).toEqual([400, 100, 33]);
    expect((await mine.graph('GET', '/no/such/path')).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it('refuses a token without the permission', async () => {
    const number = await newNumber({ settings: { scopes: ['whatsapp_business_management'] } });
    const { status, json } = await number.send('+15550401000', text('x'));
    expect([status, json.error.code]).toEqual([403, 10]);
  });

  it('shows the fields of a number, its WABA and its subscription', async () => {
    const { config, graph } = await newNumber({ name: 'Harbor Bikes' });
    const { json } = await graph(
      'GET',
      `/${config.phoneNumberId}?fields=id,verified_name,status,throughput,health_status`,
    );
    expect(json).toMatchObject({
      id: config.phoneNumberId,
      verified_name: 'Harbor Bikes',
      status: 'CONNECTED',
      throughput: { level: 'STANDARD' },
    });
    expect((await graph('GET', `/${config.phoneNumberId}?fields=nope`)).json.error.code).toBe(100);
    expect((await graph('GET', `/${config.wabaId}/phone_numbers?limit=100`)).json.data).toMatchObject([
      { id: config.phoneNumberId },
    ]);
    expect((await graph('GET', `/${config.wabaId}/subscribed_apps`)).json.data).toHaveLength(1);
  });
});

describe('media', () => {
  it('is found by its id, and downloaded with the token, for five minutes', async () => {
    const { graph, receive, config } = await newNumber();
    await receive({ from: '+15550404001', kind: 'image', media: 'cup' });
    const [{ image }] = await someMessages();
    const { json } = await graph('GET', `/${image.id}?phone_number_id=${config.phoneNumberId}`);
    expect(json).toMatchObject({ messaging_product: 'whatsapp', mime_type: 'image/jpeg', id: image.id });
    const auth = { authorization: `Bearer ${config.accessToken}` };
    expect((await call('GET', json.url, undefined, auth)).headers.get('content-type')).toBe('image/jpeg');
    expect((await call('GET', json.url)).status).toBe(401);
    expect((await call('GET', json.url.replace(/hash=./, 'hash=z'), undefined, auth)).status).toBe(404);
    await stage.control('PUT', '/clock', { offsetMs: 6 * 60_000 });
    expect((await call('GET', json.url, undefined, auth)).status).toBe(404);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
    expect((await graph('DELETE', `/${image.id}`)).json).toEqual({ success: true });
    expect((await graph('GET', `/${image.id}`)).json.error.code).toBe(100);
  });

  it('is uploaded and sent, if it is of a kind that can be', async () => {
    const { config, receive, send } = await newNumber();
    await receive({ from: '+15550404002' });
    const upload = async (type: string, bytes: number) => {
      const form = new FormData();
      form.set('messaging_product', 'whatsapp');
      form.set('file', new Blob([new Uint8Array(bytes)], { type }), 'f');
      const response = await fetch(`${stage.origin}/cloud-api/v25.0/${config.phoneNumberId}/media`, {
        method: 'POST',
        body: form,
        headers: { authorization: `Bearer ${config.accessToken}` },
      });
      return (await response.json()) as { id: string; error: { code: number } };
    };
    const { id } = await upload('image/jpeg', 100);
    expect((await send('+15550404002', { type: 'image', image: { id, caption: 'ready' } })).status).toBe(200);
    expect((await send('+15550404002', { type: 'video', video: { id } })).json.error.code).toBe(131053);
    expect((await send('+15550404002', { type: 'image', image: { id, link: 'http://x/' } })).json.error.code).toBe(
      131009,
    );
    expect((await upload('image/heic', 100)).error.code).toBe(100);
    expect((await upload('image/png', 6_000_000)).error.code).toBe(131053);
  });
});

describe('blocking', () => {
  it('blocks who wrote today, and then hears nothing more of them', async () => {
    const { config, graph, receive } = await newNumber();
    await receive({ from: '+15550407001' });
    await someMessages();
    const users = (...numbers: string[]) => ({
      messaging_product: 'whatsapp',
      block_users: numbers.map((user) => ({ user })),
    });
    expect(
      (await graph('POST', `/${config.phoneNumberId}/block_users`, users('+15550407001'))).json.block_users.added_users,
    ).toHaveLength(1);
    const partial = await graph('POST', `/${config.phoneNumberId}/block_users`, users('+15550407002'));
    expect([partial.status, partial.json.error.code]).toEqual([400, 139100]);
    expect((await graph('GET', `/${config.phoneNumberId}/block_users`)).json.data).toMatchObject([
      { wa_id: '15550407001' },
    ]);
  });
});
