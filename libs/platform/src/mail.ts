import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import type { Env } from './env';

/** Plain words to one person. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
}

/** Waits before the second and the third try. */
const RETRIES_MS = [1_000, 5_000];
const CALL_MS = 10_000;

/**
 * Mail to people: through `SMTP_URL`, else as files in `MAIL_DIR`. Nobody waits for it, or the time an answer takes would
 * tell whether there was somebody to write to. What is lost with the process is asked for again by a person.
 */
@Injectable()
export class Mail implements OnApplicationShutdown {
  private readonly log = new Logger('mail');
  private readonly underWay = new Set<Promise<void>>();
  private readonly deliver: (letter: Letter) => Promise<unknown>;

  constructor({ SMTP_URL, MAIL_FROM, MAIL_DIR }: Pick<Env, 'SMTP_URL' | 'MAIL_FROM' | 'MAIL_DIR'>) {
    if (SMTP_URL) {
      const patience = { connectionTimeout: CALL_MS, greetingTimeout: CALL_MS, socketTimeout: CALL_MS };
      const transport = createTransport({ url: SMTP_URL, ...patience }, { from: MAIL_FROM });
      this.deliver = (letter) => transport.sendMail(letter);
    } else this.deliver = (letter) => keepAsFile(MAIL_DIR, MAIL_FROM, letter);
  }

  /** Tried three times; what fails then is logged, without its address and words. */
  send(letter: Letter): void {
    const sending = this.trySend(letter).finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.race([Promise.all(this.underWay), pause(CALL_MS, undefined, { ref: false })]);
  }

  private async trySend(letter: Letter): Promise<void> {
    for (const wait of [...RETRIES_MS, null]) {
      try {
        await this.deliver(letter);
        return;
      } catch (error) {
        const why = codeOf(error);
        if (wait === null) this.log.error({ why }, 'a mail could not be sent');
        else await pause(wait, undefined, { ref: false });
      }
    }
  }
}

/** Appears whole or not at all. Names sort by time. */
async function keepAsFile(folder: string, from: string, { to, subject, text }: Letter): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = path.join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.txt`);
  const head = [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`].map((line) => line.replace(/[\r\n]+/g, ' '));
  await writeFile(`${name}.part`, `${head.join('\n')}\n\n${text}\n`, { mode: 0o600 });
  await rename(`${name}.part`, name);
}

/** `ECONNREFUSED`, `EAUTH`, …: the words of a mail server repeat the address. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
