import type { Template } from '@parley/contracts/accounts';
import { describe, expect, it, test } from 'vitest';
import { charactersLeft } from './counter';
import { withRecent } from './recent-templates';
import {
  filledBody,
  firstEmpty,
  prefill,
  recentFirst,
  searchTemplates,
  templateContent,
  templateParts,
} from './template-fill';
import { nextChangeMs, shortLeft, windowState } from './window-state';

const HOUR = 3_600_000;
const now = Date.parse('2026-11-20T12:00:00Z');
const closing = (leftMs: number) => ({ closesAt: new Date(now + leftMs).toISOString() });

describe('the window', () => {
  test.each([
    ['a channel without one', null, { type: 'always' }],
    ['four hours left', closing(4 * HOUR), { type: 'always' }],
    ['a moment less', closing(4 * HOUR - 1), { type: 'closing', tone: 'warn' }],
    ['one hour left', closing(HOUR), { type: 'closing', tone: 'warn' }],
    ['less than one', closing(HOUR - 1), { type: 'closing', tone: 'danger' }],
    ['the last moment', closing(1), { type: 'closing', tone: 'danger' }],
    ['none left', closing(0), { type: 'closed', closedAt: now }],
    ['two hours ago', closing(-2 * HOUR), { type: 'closed', closedAt: now - 2 * HOUR }],
    ['never opened', { closesAt: null }, { type: 'closed', closedAt: null }],
  ])('with %s', (_name, window, state) => {
    expect(windowState(window, now)).toMatchObject(state);
  });

  // A chip that is redrawn only when `nextChangeMs` says so must never be behind.
  it('says when it changes next, and not a moment later', () => {
    const window = closing(5 * HOUR);
    const words = (at: number) => {
      const state = windowState(window, at);
      return state.type === 'closing' ? JSON.stringify([state.tone, shortLeft(state.leftMs)]) : state.type;
    };
    let at = now;
    let steps = 0;
    for (let wait = nextChangeMs(window, at); wait !== null; wait = nextChangeMs(window, at), steps += 1) {
      expect(wait).toBeGreaterThan(0);
      expect(words(at + wait - 1)).toBe(words(at));
      at += wait;
    }
    expect(windowState(window, at).type).toBe('closed');
    expect(steps).toBeLessThan(70);
  });

  test.each([
    [3.9 * HOUR, { unit: 'hours', value: 3 }],
    [HOUR, { unit: 'hours', value: 1 }],
    [HOUR - 1, { unit: 'minutes', value: 60 }],
    [42 * 60_000, { unit: 'minutes', value: 42 }],
    [1, { unit: 'minutes', value: 1 }],
  ])('has %i ms left in short', (leftMs, short) => {
    expect(shortLeft(leftMs)).toEqual(short);
  });
});

describe('the counter', () => {
  test.each([
    ['', 4096, null],
    ['x'.repeat(4045), 4096, null],
    ['x'.repeat(4046), 4096, 50],
    ['x'.repeat(4096), 4096, 0],
    ['x'.repeat(4108), 4096, -12],
    [`  ${'x'.repeat(10)}\n`, 20, 10],
    ['😀'.repeat(10), 20, 0],
    ['x'.repeat(10_001), 65_536, -1],
  ])('of %j under %i', (text, limit, left) => {
    expect(charactersLeft(text, limit)).toBe(left);
  });
});

describe('a template', () => {
  const template = (change: Partial<Template> = {}): Template => ({
    name: 'order_ready',
    language: 'en',
    category: 'UTILITY',
    header: null,
    body: 'Hi {{1}}, your order {{2}} is ready. {{not_ours}}',
    footer: null,
    buttons: [],
    parameters: [
      { place: 'body', name: '1', example: 'Ana' },
      { place: 'body', name: '2', example: '4521' },
    ],
    obstacle: null,
    ...change,
  });

  it('is cut at its variables, and at nothing else', () => {
    expect(templateParts(template(), 'body', { 'body:1': 'Hassan' })).toEqual([
      { type: 'text', text: 'Hi ' },
      { type: 'variable', key: 'body:1', value: 'Hassan' },
      { type: 'text', text: ', your order ' },
      { type: 'variable', key: 'body:2', value: '' },
      { type: 'text', text: ' is ready. {{not_ours}}' },
    ]);
  });

  it('reads as the customer will read it', () => {
    expect(filledBody(template(), { 'body:1': ' Hassan ', 'body:2': '{{1}}' })).toBe(
      'Hi Hassan, your order {{1}} is ready. {{not_ours}}',
    );
  });

  test.each<[string, string | null, Partial<Template>, Record<string, string>]>([
    ['after a greeting', 'Hassan Demir', {}, { 'body:1': 'Hassan' }],
    ['after a greeting with an accent', 'Bia Lopes', { body: 'Olá {{1}}! {{2}}' }, { 'body:1': 'Bia' }],
    ['after any other word not', 'Bia Lopes', { body: 'Order {{1}} for {{2}}' }, {}],
    [
      'by its name',
      'Bia Lopes',
      {
        body: '{{first_name}} {{order}}',
        parameters: [
          { place: 'body', name: 'first_name', example: null },
          { place: 'body', name: 'order', example: null },
        ],
      },
      { 'body:first_name': 'Bia' },
    ],
    [
      'whole, by its name',
      'Bia Lopes',
      { body: '{{full_name}}', parameters: [{ place: 'body', name: 'full_name', example: null }] },
      { 'body:full_name': 'Bia Lopes' },
    ],
    ['not with a number in place of a name', '+1 415 555 0142', {}, {}],
    ['not without a name', null, {}, {}],
  ])('takes the name %s', (_name, contactName, change, values) => {
    expect(prefill(template(change), { contactName })).toEqual(values);
  });

  it('names the first value that is missing', () => {
    const { parameters } = template();
    expect(firstEmpty(parameters, {})).toBe(0);
    expect(firstEmpty(parameters, { 'body:1': 'Ana', 'body:2': '  ' })).toBe(1);
    expect(firstEmpty(parameters, { 'body:1': 'Ana', 'body:2': '1' })).toBe(-1);
  });

  it('is sent with one line a value, in the order asked', () => {
    const content = templateContent(template(), { 'body:2': ' 45\n21\t', 'body:1': 'x'.repeat(2_000) });
    expect(content).toMatchObject({ type: 'template', name: 'order_ready', language: 'en' });
    expect(content.parameters).toEqual([
      { place: 'body', name: '1', value: 'x'.repeat(1_024) },
      { place: 'body', name: '2', value: '45 21' },
    ]);
  });

  it('is found by any of its words, without case and accents, those that can be sent first', () => {
    const list = [
      template({ name: 'a', obstacle: 'Paused.' }),
      template({ name: 'livrare_gata', body: 'Bună, coletul e aici' }),
      template({ name: 'b' }),
    ];
    expect(searchTemplates(list, '').map(({ name }) => name)).toEqual(['livrare_gata', 'b', 'a']);
    expect(searchTemplates(list, 'BUNA livrare').map(({ name }) => name)).toEqual(['livrare_gata']);
    expect(searchTemplates(list, 'nothing like it')).toEqual([]);
  });

  it('comes first where it was sent lately', () => {
    const list = [template({ name: 'a' }), template({ name: 'b' }), template({ name: 'c' })];
    const recent = withRecent(withRecent({}, 'account', 'b:en'), 'account', 'c:en').account ?? [];
    expect(recentFirst(list, recent).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });
});
