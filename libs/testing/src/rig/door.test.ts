import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../wait-for';
import { startDoor, type Door } from './door';

let service: Server;
let door: Door;
let clients: Client[];

beforeEach(async () => {
  service = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(`<${chunk.toString()}>`));
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  door = await startDoor({ host: '127.0.0.1', port: (service.address() as AddressInfo).port });
  clients = [];
});
afterEach(async () => {
  clients.forEach(({ socket }) => socket.destroy());
  await door.close();
  await new Promise((resolve) => service.close(resolve));
});

interface Client {
  socket: Socket;
  heard: string;
  ended: boolean;
}

function enter(): Client {
  const client: Client = { socket: connect(door.port, '127.0.0.1'), heard: '', ended: false };
  client.socket.on('data', (chunk: Buffer) => (client.heard += chunk.toString()));
  client.socket.on('error', () => {});
  client.socket.on('close', () => (client.ended = true));
  clients.push(client);
  return client;
}

async function ask(client: Client, word: string): Promise<void> {
  client.socket.write(word);
  await waitFor(`the answer to ${word}`, () => client.heard.endsWith(`<${word}>`));
}

it('lets everything pass, and an end as well', async () => {
  const client = enter();
  await ask(client, 'one');
  client.socket.end();
  await waitFor('the end', () => client.ended && door.connections() === 0);
});

it('cuts who is inside and refuses who comes, until it is opened', async () => {
  const client = enter();
  await ask(client, 'one');
  door.shut();
  await waitFor('the cut', () => client.ended);
  const refused = enter();
  await waitFor('the refusal', () => refused.ended);
  door.open();
  await ask(enter(), 'two');
});

it('swallows words and ends alike while it is a black hole, and gives them back', async () => {
  const [client, leaving] = [enter(), enter()];
  await Promise.all([ask(client, 'one'), ask(leaving, 'one')]);
  door.blackhole();
  client.socket.write('two');
  leaving.socket.destroy();
  const late = enter();
  await waitFor('a connection through it', () => !late.socket.connecting);
  late.socket.write('three');
  await ask(await passing(), 'meanwhile');
  expect([client.heard, late.heard, door.connections()]).toEqual(['<one>', '', 3]);
  door.open();
  await waitFor('what was held back', () => client.heard === '<one><two>' && late.heard === '<three>');
  await waitFor('the end of who left', () => door.connections() === 2);
});

it('forgets who was inside: they hear of nothing, whatever comes, and who comes now passes', async () => {
  const client = enter();
  await ask(client, 'one');
  door.blackhole();
  door.forget();
  client.socket.write('two');
  await ask(enter(), 'three');
  door.open();
  await ask(enter(), 'four');
  expect([client.heard, client.ended]).toEqual(['<one>', false]);
});

/** A client that goes round the door: time has passed when it was answered. */
async function passing(): Promise<Client> {
  const around = await startDoor({ host: '127.0.0.1', port: (service.address() as AddressInfo).port });
  const client: Client = { socket: connect(around.port, '127.0.0.1'), heard: '', ended: false };
  client.socket.on('data', (chunk: Buffer) => (client.heard += chunk.toString()));
  client.socket.on('close', () => void around.close());
  clients.push(client);
  return client;
}

it('keeps the order of what it delays, also when it delays no longer', async () => {
  const client = enter();
  door.delay(60_000);
  client.socket.write('one');
  const other = enter();
  other.socket.end('two');
  await waitFor('both inside', () => door.connections() === 2);
  await ask(await passing(), 'meanwhile');
  expect([client.heard, other.heard, other.ended]).toEqual(['', '', false]);
  door.open();
  await waitFor('the late ones', () => client.heard === '<one>' && other.heard === '<two>' && other.ended);
  await ask(client, 'three');
});

it('loses the answer that matches, and with it the connection', async () => {
  const [client, other] = [enter(), enter()];
  door.loseReplies((chunk) => chunk.includes('COMMIT'));
  await ask(client, 'insert');
  client.socket.write('COMMIT');
  await waitFor('the cut', () => client.ended);
  expect(client.heard).toBe('<insert>');
  await ask(other, 'insert');
  door.open();
  await ask(other, 'COMMIT');
});
