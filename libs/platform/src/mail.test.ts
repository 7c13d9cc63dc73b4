import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Mail } from './mail';

const letter = {
  to: 'rita@example.com',
  subject: 'Olá,\r\nBcc: eve@example.com',
  text: 'https://inbox.example.com/#x_-y=',
};
let folder: string;
let server: Server | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parley-mail-'));
});
afterEach(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

it('keeps mails as files that only the operator reads, where there is no server', async () => {
  const mail = new Mail({
    SMTP_URL: undefined,
    MAIL_FROM: 'Parley <p@example.com>',
    MAIL_DIR: path.join(folder, 'new'),
  });
  mail.send(letter);
  await mail.onApplicationShutdown();
  const [name = ''] = await readdir(path.join(folder, 'new'));
  const file = path.join(folder, 'new', name);
  expect(await readFile(file, 'utf8')).toBe(
    `From: Parley <p@example.com>\nTo: rita@example.com\nSubject: Olá, Bcc: eve@example.com\n\n${letter.text}\n`,
  );
  expect((await stat(file)).mode & 0o077).toBe(0);
});

it('hands mails to the server, again when it was turned away, and adds nobody to them', async () => {
  const heard: string[] = [];
  server = mailServer(heard);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const mail = new Mail({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'p@example.com', MAIL_DIR: folder });
  mail.send(letter);
  await mail.onApplicationShutdown();
  expect(heard.filter((line) => line.startsWith('RCPT'))).toEqual(['RCPT TO:<rita@example.com>']);
  expect(heard).toContain(letter.text);
  expect(heard.filter((line) => /^bcc:/i.test(line))).toEqual([]);
  expect(heard.filter((line) => line.startsWith('EHLO'))).toHaveLength(2);
  expect(await readdir(folder)).toEqual([]);
});

/** The least of a server; it is busy the first time. */
function mailServer(heard: string[]): Server {
  let visits = 0;
  return createServer((socket) => {
    const busy = visits++ === 0;
    let inData = false;
    let rest = '';
    socket.write('220 here\r\n');
    socket.on('data', (data) => {
      const lines = (rest + data.toString()).split('\r\n');
      rest = lines.pop() ?? ''; // a line may come in two packets
      for (const line of lines) {
        heard.push(line);
        if (inData && line !== '.') continue;
        inData = line === 'DATA';
        if (busy && line.startsWith('MAIL')) socket.write('421 busy\r\n');
        else socket.write(inData ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      }
    });
    socket.on('error', () => {});
  });
}
