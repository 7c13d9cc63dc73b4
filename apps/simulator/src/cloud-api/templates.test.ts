import { describe, expect, it } from 'vitest';
import { call, until } from '../testing/harness';
import { HOUR_MS, newNumber, stage, values } from '../testing/cloud-api-stage';

describe('templates', () => {
  const template = (name: string, components?: unknown[], code = 'en_US') => ({
    type: 'template',
    template: { name, language: { code }, ...(components && { components }) },
  });
  const body = (...texts: string[]) => ({
    type: 'body',
    parameters: texts.map((each) => ({ type: 'text', text: each })),
  });

  it.each([
    ['unknown', template('nope'), 132001],
    ['in no such language', template('hello', undefined, 'en'), 132001],
    ['still pending', template('feedback_request', [body('x')]), 132001],
    ['rejected', template('flash_offer', [body('x')]), 132001],
    ['paused', template('loyalty_points', [body('1')], 'pt_BR'), 132015],
    ['short of values', template('delivery_update'), 132000],
    ['with too many values', template('hello', [body('x')]), 132000],
    ['with a line break', template('delivery_update', [body('a\nb')]), 132012],
    ['with an empty value', template('delivery_update', [body('')]), 131008],
    ['unnamed where names are wanted', template('appointment_reminder', [body('a', 'b', 'c')]), 132012],
    [
      'with the wrong header',
      template('new_arrival', [{ type: 'header', parameters: [{ type: 'text', text: 'x' }] }, body('x')]),
      132012,
    ],
    [
      'without the value of a button',
      template('order_ready', [{ type: 'header', parameters: [{ type: 'text', text: '88' }] }, body('a', 'b')]),
      131008,
    ],
  ])('refuses one %s', async (_what, part, code) => {
    const { send } = await newNumber();
    const { status, json } = await send('+15550406001', part);
    expect(json.error?.code).toBe(code);
    if (code === 132001) expect(status).toBe(404);
  });

  it('puts values in place, by order and by name, and answers with the payload of a button', async () => {
    const { ref, send } = await newNumber();
    const header = { type: 'header', parameters: [{ type: 'text', text: '88' }] };
    const buttons = [
      { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'CONFIRM_88' }] },
      { type: 'button', sub_type: 'url', index: 2, parameters: [{ type: 'text', text: '88' }] },
    ];
    expect(
      (await send('+15550406002', template('order_ready', [header, body('Rosa', '#88'), ...buttons]))).status,
    ).toBe(200);
    const named = ['first_name:Rosa', 'date:Friday', 'time:9'].map((pair) => ({
      type: 'text',
      parameter_name: pair.split(':')[0],
      text: pair.split(':')[1],
    }));
    expect(
      (await send('+15550406002', template('appointment_reminder', [{ type: 'body', parameters: named }]))).status,
    ).toBe(200);
    const sent = await stage.control('GET', `/cloud-api/accounts/${ref}/sent`);
    expect(sent.map((each: { text: string }) => each.text)).toEqual([
      'Hello Rosa, order #88 is ready for pickup.',
      'Hi Rosa, we expect you on Friday at 9. Does that still work for you?',
    ]);
    const chat = await call('GET', `${stage.origin}/phone/cloud-api/${ref}/messages?chat=15550406002`);
    expect(chat.json[0].content.buttons[0]).toEqual({
      text: 'Confirm',
      reply: { style: 'template-button', id: 'CONFIRM_88' },
    });
  });

  it('lists by page, by filter and by field', async () => {
    const { config, graph } = await newNumber();
    const names: string[] = [];
    let next: string | undefined =
      `${stage.origin}/cloud-api/v25.0/${config.wabaId}/message_templates?limit=5&fields=name,status`;
    while (next) {
      const { json }: Awaited<ReturnType<typeof call>> = await call('GET', next, undefined, {
        authorization: `Bearer ${config.accessToken}`,
      });
      names.push(...json.data.map(({ name }: { name: string }) => name));
      next = json.paging.next;
    }
    expect(names).toHaveLength(13);
    const approved = (await graph('GET', `/${config.wabaId}/message_templates?status=APPROVED&limit=100`)).json.data;
    expect(approved).toHaveLength(10);
    expect(
      approved.find(
        ({ name, language }: { name: string; language: string }) =>
          name === 'appointment_reminder' && language === 'pt_BR',
      ),
    ).toMatchObject({ parameter_format: 'NAMED' });
  });

  it('reviews what is created, and tells', async () => {
    const { config, graph } = await newNumber();
    const create = (name: string) =>
      graph('POST', `/${config.wabaId}/message_templates`, {
        name,
        language: 'en_US',
        category: 'UTILITY',
        components: [{ type: 'BODY', text: 'Hello there' }],
      });
    const { json } = await create('promo_pause');
    expect(json).toEqual({ id: expect.stringMatching(/^\d+$/), status: 'PENDING', category: 'UTILITY' });
    await create('promo_reject');
    const updates = await until(
      () => values('message_template_status_update').length >= 3 && values('message_template_status_update'),
    );
    expect(updates.filter((each) => each.message_template_name === 'promo_pause').map((each) => each.event)).toEqual([
      'APPROVED',
      'PAUSED',
    ]);
    expect(updates.find((each) => each.message_template_name === 'promo_reject')).toMatchObject({
      event: 'REJECTED',
      message_template_language: 'en-US',
      message_template_id: expect.any(Number),
      reason: 'INVALID_FORMAT',
    });
    expect((await graph('GET', `/${json.id}?fields=status`)).json).toEqual({ id: json.id, status: 'PAUSED' });
    expect((await graph('DELETE', `/${config.wabaId}/message_templates?name=promo_pause`)).json).toEqual({
      success: true,
    });
    expect((await create('promo_pause')).json.error.error_subcode).toBe(2388023);
    await stage.control('PUT', '/clock', { offsetMs: 31 * 24 * HOUR_MS });
    expect((await create('promo_pause')).status).toBe(200);
    await stage.control('PUT', '/clock', { offsetMs: 0 });
  });
});
