import { describe, expect, it } from 'vitest';
import { call, until } from '../testing/harness';
import { KEY, event, newAccount, stage } from '../testing/evolution-stage';

describe('connection', () => {
  it('goes from code to code until the phone scans one', async () => {
    const account = await newAccount({ connected: false });
    const qr = (await account.post('/instance/connect/{name}', undefined, 'GET')).json;
    expect(qr).toMatchObject({
      base64: expect.stringMatching(/^data:image\/png;base64,iVBOR/),
      count: expect.any(Number),
    });
    const next = await event('qrcode.updated'); // 45 s, at fifty times the pace
    expect(next.data.qrcode.code).not.toBe(qr.code);
    await account.receive({ kind: 'connection', state: 'open' });
    expect((await event('connection.update')).data).toMatchObject({
      state: 'open',
      statusReason: 200,
      wuid: expect.stringMatching(/@s\.whatsapp\.net$/),
    });
    expect((await account.post('/instance/connect/{name}', undefined, 'GET')).json.instance.state).toBe('open');
  });

  it('gives up after the last code', async () => {
    const account = await newAccount({ connected: false, settings: { qrSeconds: 2, qrLimit: 2 } });
    expect(
      (await until(() => stage.receiver.events('connection.update').find(({ data }) => data.state === 'refused'))).data
        .statusReason,
    ).toBe(428);
    expect(stage.receiver.events('qrcode.updated').at(-1).data).toMatchObject({ statusCode: 500 });
    expect((await account.post('/instance/restart/{name}')).json).toEqual({ error: true, message: '[object Object]' });
  });

  it('reconnects after a drop by itself, and then tells what came meanwhile', async () => {
    const account = await newAccount({ settings: { reconnectMs: 40_000 } });
    await account.receive({ kind: 'connection', state: 'drop', code: 408 });
    await account.receive({ from: '+15550305001', text: 'while away' });
    expect(
      (await account.post('/message/sendText/{name}', { number: '15550305001', text: 'x' })).json.response.message,
    ).toEqual(['Error: Connection Closed']);
    await event('messages.upsert');
    expect(stage.receiver.events('connection.update').map(({ data }) => data.state)).toEqual(['connecting', 'open']);
  });

  it('is told of a log-out, and of a deletion', async () => {
    const account = await newAccount();
    await account.receive({ kind: 'connection', state: 'logout' });
    expect((await event('status.instance')).data).toMatchObject({ status: 'closed', disconnectionReasonCode: 401 });
    expect((await event('logout.instance')).data).toBeNull();
    expect((await account.post('/instance/logout/{name}', undefined, 'DELETE')).status).toBe(400);
    expect((await account.post('/instance/delete/{name}', undefined, 'DELETE')).status).toBe(200);
    expect((await event('instance.delete')).data.instanceName).toBe(account.ref);
    expect((await account.post('/instance/connectionState/{name}', undefined, 'GET')).status).toBe(404);
  });

  it('is created by the API itself, with a webhook and a code', async () => {
    const webhook = { url: `${stage.receiver.url}/own`, byEvents: false, base64: false, headers: {}, events: [] };
    const { status, json } = await call(
      'POST',
      `${stage.origin}/evolution/instance/create`,
      {
        instanceName: 't42',
        integration: 'WHATSAPP-BAILEYS',
        qrcode: true,
        token: 'tok',
        number: '15550305002',
        webhook,
      },
      { apikey: KEY },
    );
    expect(status).toBe(201);
    expect(json).toMatchObject({
      instance: { instanceName: 't42', status: 'connecting' },
      hash: 'tok',
      qrcode: { count: 1, pairingCode: expect.stringMatching(/^\w{8}$/) },
    });
    expect((await stage.control('GET', '/evolution/accounts/t42')).config).toEqual({
      baseUrl: `${stage.origin}/evolution`,
      instance: 't42',
      apiKey: 'tok',
    });
  });
});
