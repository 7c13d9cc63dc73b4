import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderCall, ProviderPlan, ProviderWish } from './run-provider';
import '../with-parent';

/** The other end of what is sent: takes Cloud API messages, remembers when each came, and can be out of order. */
const { port, answerMs } = JSON.parse(process.argv[2] ?? '{}') as ProviderPlan; // written by run-provider.ts

let calls: ProviderCall[] = [];
let answered = 0;
let dead = new Set<string>();

const server = createServer((request, response) => {
  const at = performance.timeOrigin + performance.now();
  const [, , number = ''] = (request.url ?? '').split('/');
  void read(request).then(async (body) => {
    const { to, text } = JSON.parse(body) as { to: string; text: { body: string } };
    const isDead = dead.has(number);
    calls.push({ at, number, text: text.body, answered: !isDead });
    if (!isDead) answered++;
    if (answerMs) await delay(answerMs);
    response.setHeader('content-type', 'application/json');
    if (isDead) {
      response.statusCode = 500;
      response.end('{"error":{"code":2,"message":"Service temporarily unavailable"}}');
    } else {
      const id = `wamid.${number}.${at}`;
      response.end(JSON.stringify({ contacts: [{ input: to, wa_id: to.replace('+', '') }], messages: [{ id }] }));
    }
  });
});
server.keepAliveTimeout = 60_000;

process.on('message', (wish: ProviderWish) => {
  if ('dead' in wish) dead = new Set(wish.dead);
  process.send?.(wish.tell === 'count' ? answered : calls);
  if (wish.tell === 'calls') [calls, answered] = [[], 0];
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
  return body;
}
