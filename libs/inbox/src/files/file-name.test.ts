import { expect, it } from 'vitest';
import { disposition, fileNameOf } from './file-name';

it.each([
  ['invoice.pdf', 'invoice.pdf'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['a\r\nset-cookie: x.txt', 'aset-cookie_ x.txt'],
  ['../../etc/passwd', '.._.._etc_passwd'],
  ['\u2066\u2069\u0000', null],
  ['  ', null],
  [null, null],
])('%j becomes %j', (given, name) => expect(fileNameOf(given)).toBe(name));

it('says a name in a header as RFC 6266 wants it', () => {
  expect(disposition('attachment', 'Überweisung (1) "x".pdf')).toBe(
    `attachment; filename="_berweisung (1) _x_.pdf"; filename*=UTF-8''%C3%9Cberweisung%20%281%29%20%22x%22.pdf`,
  );
});
