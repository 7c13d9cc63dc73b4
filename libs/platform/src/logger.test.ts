import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { describeError, scrub } from './describe-error';
import { createLogger } from './logger';

function logged(write: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  write(createLogger({ LOG_LEVEL: 'debug' }, 'api', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

describe('a logged request', () => {
  it('is its method and path: no headers, no query, no path token', () => {
    const req = {
      method: 'POST',
      url: '/api/webhooks/whatsapp/evolution/s3cret-token/messages-upsert?apikey=s3cret',
      headers: { authorization: 's3cret', cookie: 's3cret' },
      body: { text: 's3cret' },
    };
    const line = logged((logger) => logger.info({ req, res: { statusCode: 200, body: 's3cret' } }, 'answered'));
    expect(JSON.parse(line)).toMatchObject({
      level: 'info',
      service: 'api',
      req: { method: 'POST', path: '/api/webhooks/whatsapp/evolution/:token' },
      res: { status: 200 },
    });
    expect(line).not.toContain('s3cret');
  });
});

describe('a logged error', () => {
  it('keeps what names things of ours and drops what quotes values', () => {
    const cause = Object.assign(new Error('duplicate key value violates unique constraint "accounts_name"'), {
      code: '23505',
      constraint_name: 'accounts_name',
      detail: 'Key (name)=(Rita) already exists.',
      query: "insert into contacts values ('Rita')",
      parameters: ['Rita'],
    });
    const error = new Error('Failed query: insert into contacts values ($1)\nparams: Rita,+12025550143', { cause });
    const line = logged((logger) => logger.error({ err: error }, 'broke'));
    expect(JSON.parse(line).err).toMatchObject({
      type: 'Error',
      cause: { code: '23505', constraint_name: 'accounts_name' },
    });
    expect(line).not.toMatch(/Rita|2025550143|"detail"|"parameters"/);
  });

  it('has its frames without the message that heads them', () => {
    const { stack } = describeError(new Error('for "Rita"\nand Rita again'));
    expect(stack).toMatch(/^at /);
    expect(stack).not.toContain('Rita');
  });

  it('of a shape says where and what kind', () => {
    const { error } = z
      .object({ a: z.string(), items: z.array(z.object({ n: z.number() })) })
      .safeParse({ a: 1, items: [{ n: 'Rita' }] });
    expect(describeError(error).message).toBe('a: invalid_type; items.0.n: invalid_type');
    const named = z.record(z.string(), z.number()).safeParse({ '+12025550143': 'x' }).error;
    expect(describeError(named).message).toBe('?: invalid_type');
  });

  it('of a parser says where, for it quotes what it was given', () => {
    const thrown = (text: string) => {
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        return error;
      }
    };
    expect(describeError(thrown('{"a":1,}')).message).toBe('cannot be parsed at position 7');
    for (const text of ['Rita', '{"a":Rita Wilson', '"Rita', "{'Rita': 1}", '[1, "Rita" 7]'])
      expect(JSON.stringify(describeError(thrown(text)).message)).toMatch(/^"cannot be parsed( at position \d+)?"$/);
  });

  it('is told as such when it is none, and ends when its causes run in a circle', () => {
    expect(describeError('s3cret')).toEqual({ type: 'string', message: 'something that is no Error was thrown' });
    const circle = new Error('one');
    circle.cause = circle;
    expect(JSON.stringify(describeError(circle)).length).toBeLessThan(20_000);
  });
});

test.each([
  ['invalid input syntax for type uuid: "Rita"', 'invalid input syntax for type uuid: "…"'],
  ['no account for +1 (202) 555-0143 here', 'no account for … here'],
  ['mail to rita.w+x@example.com failed', 'mail to … failed'],
  ['token EAAGm0PX4ZCpsBAKZCZBdT3mZCZB9x refused', 'token … refused'],
  ['connect ECONNREFUSED 127.0.0.1:9', 'connect ECONNREFUSED …:9'],
  ['plain words stay', 'plain words stay'],
])('scrubs %s', (message, expected) => expect(scrub(message)).toBe(expected));
