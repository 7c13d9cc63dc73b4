import { expect, test } from 'vitest';
import { safeHref } from './find-link';
import { isEmojiOnly, parseText, type TextNode } from './parse-text';

const t = (text: string): TextNode => ({ type: 'text', text });
const link = (text: string, href = text): TextNode => ({ type: 'link', href, text });
const bold = (...children: TextNode[]): TextNode => ({ type: 'bold', children });
const italic = (...children: TextNode[]): TextNode => ({ type: 'italic', children });
const strike = (...children: TextNode[]): TextNode => ({ type: 'strike', children });
const mono = (text: string): TextNode => ({ type: 'mono', text });
const code = (text: string): TextNode => ({ type: 'code', text });
const quote = (ended: boolean, ...children: TextNode[]): TextNode => ({ type: 'quote', children, ended });

test.each<[string, TextNode[]]>([
  ['', []],
  ['plain', [t('plain')]],
  ['a *bold* word', [t('a '), bold(t('bold')), t(' word')]],
  ['_italic_ and ~gone~', [italic(t('italic')), t(' and '), strike(t('gone'))]],
  ['*_both_*', [bold(italic(t('both')))]],
  ['(*bold*)', [t('('), bold(t('bold')), t(')')]],
  ['2*3*4 snake_case_name a~b~c', [t('2*3*4 snake_case_name a~b~c')]],
  ['* bullet\n* bullet', [t('* bullet\n* bullet')]],
  ['*two\nlines*', [t('*two\nlines*')]],
  ['*open', [t('*open')]],
  ['*a _b*', [bold(t('a _b'))]],
  ['** **', [t('** **')]],
  ['*négrita*, da', [bold(t('négrita')), t(', da')]],
  ['*مرحبا* بك', [bold(t('مرحبا')), t(' بك')]],
  ['```let *x* = 1\n_y_```', [mono('let *x* = 1\n_y_')]],
  ['```open', [t('```open')]],
  ['``````', [t('``````')]],
  ['see https://a.example/b?c=d#e now', [t('see '), link('https://a.example/b?c=d#e'), t(' now')]],
  ['https://a.example/_x_/y', [link('https://a.example/_x_/y')]],
  ['*https://a.example/x*', [bold(link('https://a.example/x'))]],
  ['(https://a.example/x_(y))', [t('('), link('https://a.example/x_(y)'), t(')')]],
  ['https://a.example.', [link('https://a.example', 'https://a.example/'), t('.')]],
  ['HTTPS://A.example/B', [link('HTTPS://A.example/B', 'https://a.example/B')]],
  ['www.a.example', [link('www.a.example', 'https://www.a.example/')]],
  [
    'acme.com, acme.test/returns',
    [link('acme.com', 'https://acme.com/'), t(', '), link('acme.test/returns', 'https://acme.test/returns')],
  ],
  ['done.Now file.txt e.g. 10.50', [t('done.Now file.txt e.g. 10.50')]],
  ['ana@acme.test!', [link('ana@acme.test', 'mailto:ana@acme.test'), t('!')]],
  ['mailto:ana@acme.test tel:+15550107788', [link('mailto:ana@acme.test'), t(' '), link('tel:+15550107788')]],
  ['call +351 555 0134 00 or 12345678', [t('call '), link('+351 555 0134 00', 'tel:+351555013400'), t(' or 12345678')]],
  ['😀*a*😀', [t('😀'), bold(t('a')), t('😀')]],
  ['run `npm *x*` now', [t('run '), code('npm *x*'), t(' now')]],
  ['five o`clock, not six o`clock', [t('five o`clock, not six o`clock')]],
  ['`two\nlines`', [t('`two\nlines`')]],
  ['`` ` ` `open', [t('`` ` ` `open')]],
  ['> is it *open*?\n> today\nyes', [quote(true, t('is it '), bold(t('open')), t('?\ntoday')), t('yes')]],
  ['so:\n> this', [t('so:\n'), quote(false, t('this'))]],
  ['a > b\n>:(', [t('a > b\n>:(')]],
  ['> > twice', [quote(false, t('> twice'))]],
  ['*open\n> quoted*', [t('*open\n'), quote(false, t('quoted*'))]],
])('reads %j', (text, nodes) => {
  expect(parseText(text)).toEqual(nodes);
});

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript://acme.com/%0aalert(1)',
  'javascript:https://acme.com',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'file:///etc/passwd',
  'blob:https://acme.com/uuid',
  'ftp://acme.com/x',
  'ws://acme.com',
  'about:blank',
  'view-source:https://acme.com',
  'intent://scan/#Intent;scheme=zxing;end',
  'ms-msdt:/id x',
  'whatsapp://send?text=x',
  'sms:+15550100',
  'https:javascript:alert(1)',
  'https://javascript:alert(1)@acme.com',
  'https://acme.com@evil.example',
  'https://user:pass@evil.example/',
  'http://acme.com%00@evil.example',
  'https://acme.com\\@evil.example',
  'https://[::1',
  'https://',
  'http://#',
  'https://%zz.example',
  'https://a b.example',
  'https://acme.com/"onmouseover="alert(1)',
  "https://acme.com/'onmouseover='alert(1)",
  'https://acme.com/<script>',
  'https://acme.com/`x`',
  'https://acme.com/\u202Egpj.exe',
  'https://acme.com\u200B.evil.example',
  'https://\u2066acme.com\u2069',
  'https://аcme.com',
  'www.javascript:alert(1)',
  'www.acme.com/javascript:alert(1)',
  'mailto:x@acme.test?subject=<script>&body="',
  'mailto:',
  'mailto:<script>@acme.test',
  '"<script>"@acme.test',
  'x@acme.test"onclick="alert(1)',
  'tel:',
  'tel:javascript:alert(1)',
  'tel:+1555<script>',
  '*<b>x</b>*',
  '_javascript:alert(1)_',
  '~"><img src=x>~',
  '```<script>alert(1)</script>```',
  '```](javascript:alert(1))```',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  '<https://acme.com>',
  '&lt;script&gt;',
  '&#106;avascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '__proto__ constructor toString',
  '*__proto__*',
  '\u0000<script>',
  '\uD800*lone*\uDC00',
  'http://\uD800.example',
  '<!--[if IE]>x<![endif]-->',
  '> <script>alert(1)</script>',
  '> javascript:alert(1)\n> https://a:b@evil.example',
  '`<img src=x onerror=alert(1)>`',
  '`javascript:alert(1)`',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
];

test('the list of hostile texts is long enough', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(60);
});

test.each(hostile)('makes no unsafe link of %j, and loses no character', (text) => {
  for (const variant of [text, `*${text}*`, `see ${text} now`, `_${text}_\n${text}`, `\`\`\`${text}\`\`\` ${text}`]) {
    const nodes = parseText(variant);
    expect(source(nodes)).toBe(variant);
    for (const { href } of links(nodes)) {
      const url = new URL(href);
      expect(['http:', 'https:', 'mailto:', 'tel:']).toContain(url.protocol);
      expect(url.username + url.password).toBe('');
      expect(href).not.toMatch(/[\s<>"\u0000-\u001f\u202a-\u202e\u2066-\u2069\u200b]/);
    }
  }
});

test.each([
  ['javascript:alert(1)', null],
  ['https://acme.com', 'https://acme.com/'],
  ['https://a:b@acme.com', null],
  ['tel:+1555', 'tel:+1555'],
  ['nothing', null],
])('safeHref of %s is %s', (address, href) => {
  expect(safeHref(address)).toBe(href);
});

// Random strings over the characters that mean something, so that no mix of them gets stuck or lost.
test('whatever is typed, every character is still there', () => {
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const pieces = [
    '*',
    '_',
    '~',
    '```',
    '`',
    '\n',
    '> ',
    ' ',
    'a',
    'é',
    '7',
    '.',
    ':',
    '/',
    '@',
    '+1555010',
    'https://',
    'www.',
    'x.com',
    '😀',
    ')',
    '(',
  ];
  for (let round = 0; round < 3_000; round += 1) {
    const text = Array.from({ length: random(24) }, () => pieces[random(pieces.length)] ?? '').join('');
    expect(source(parseText(text))).toBe(text);
  }
});

test.each([
  '*_',
  '~*a ',
  'a.',
  'a.b@',
  '```',
  '(',
  'https://',
  'https://)',
  '_a*b~',
  '+1',
  'http://a@',
  '😀',
  'x'.repeat(50) + '.',
  '> ',
  '> a\n',
  '`a ',
  ' `',
])('reads 100,000 characters of %j within a second of this process’ own work', (piece) => {
  const text = piece.repeat(Math.ceil(100_000 / piece.length));
  const before = process.cpuUsage();
  parseText(text);
  const { user, system } = process.cpuUsage(before); // µs
  expect(user + system).toBeLessThan(1_000_000);
});

test.each([
  ['😀', true],
  ['👍🏽 ❤️', true],
  ['👨‍👩‍👧‍👦🇵🇹🎉', true],
  ['😀😀😀😀', false],
  ['ok 😀', false],
  ['7', false],
  ['', false],
  ['   ', false],
])('%j is emoji only: %s', (text, expected) => {
  expect(isEmojiOnly(text)).toBe(expected);
});

const signs = { bold: '*', italic: '_', strike: '~' };

/** The text again, as it was typed. */
function source(nodes: TextNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'mono') return '```' + node.text + '```';
      if (node.type === 'code') return '`' + node.text + '`';
      if (node.type === 'quote') return `> ${source(node.children).replaceAll('\n', '\n> ')}${node.ended ? '\n' : ''}`;
      return 'children' in node ? signs[node.type] + source(node.children) + signs[node.type] : node.text;
    })
    .join('');
}

function links(nodes: TextNode[]): { href: string }[] {
  return nodes.flatMap((node) => (node.type === 'link' ? [node] : 'children' in node ? links(node.children) : []));
}
