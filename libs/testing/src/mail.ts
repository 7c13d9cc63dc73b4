import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from './wait-for';

export interface TestMail {
  subject: string;
  text: string;
}

/** The newest mail in `folder` to this address. Waits for it. */
export function mailTo(folder: string, address: string): Promise<TestMail> {
  return waitFor(`a mail to ${address}`, async () => (await listMails(folder, address)).at(-1));
}

/** Every mail to this address so far, oldest first. */
export async function listMails(folder: string, address: string): Promise<TestMail[]> {
  const names = await readdir(folder).catch(() => []);
  const whole = names.filter((name) => name.endsWith('.txt')).sort();
  const mails = await Promise.all(whole.map((name) => readFile(path.join(folder, name), 'utf8')));
  return mails.filter((mail) => mail.includes(`\nTo: ${address}\n`)).map(parseMail);
}

function parseMail(mail: string): TestMail {
  const end = mail.indexOf('\n\n');
  const [, subject = ''] = /^Subject: (.*)$/m.exec(mail.slice(0, end)) ?? [];
  return { subject, text: mail.slice(end + 2) };
}
