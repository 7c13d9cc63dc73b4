import { randomHex } from '../world/ids';
import type { Timer } from '../world/clock';
import { phoneJid } from './addresses';
import type { Instance } from './instance';
import { qrPng } from '../world/qr';
import type { Server } from './server';

/** How an instance comes to be linked to a phone, and how it is lost (contract §1.3, §3.8). */
export class Connections {
  private readonly timers = new Map<string, Timer>();

  constructor(private readonly server: Server) {}

  /** Opens the socket of an instance that is not linked: a first code appears, and a new one every 45 s. */
  start(instance: Instance, number?: string): void {
    if (instance.state === 'connecting' && instance.qr) return; // a new number is ignored until logged out
    instance.state = 'connecting';
    instance.qr = null;
    this.tell(instance, { state: 'connecting', statusReason: 200 });
    this.nextCode(instance, number);
  }

  /** The phone scanned the code, or reconnected. */
  open(instance: Instance): void {
    this.stopCodes(instance);
    Object.assign(instance, { state: 'open', linked: true, qr: null, disconnected: null });
    this.tell(instance, {
      state: 'open',
      statusReason: 200,
      wuid: phoneJid(instance.phone),
      profileName: instance.name,
      profilePictureUrl: null,
    });
    this.server.release(instance);
  }

  /** A transient drop: reconnects by itself and never says closed. */
  drop(instance: Instance, code = 408): void {
    instance.state = 'connecting';
    this.tell(instance, { state: 'connecting', statusReason: code });
    this.timers.set(
      instance.ref,
      this.server.world.clock.after(instance.settings.reconnectMs, () => this.open(instance)),
    );
  }

  /** Lost for good: by the phone's own log-out (401), a ban (403), a restriction (402, 406) or another client (440). */
  lose(instance: Instance, code = 401): void {
    this.stopCodes(instance);
    const at = new Date(this.server.world.clock.now()).toISOString();
    Object.assign(instance, { state: 'close', qr: null, disconnected: { code, at } });
    this.server.touch(instance);
    void this.server.events.emit(instance, 'status.instance', {
      instance: instance.ref,
      status: 'closed',
      disconnectionAt: at,
      disconnectionReasonCode: code,
      disconnectionObject: JSON.stringify({ error: { output: { statusCode: code } } }),
    });
    if (code === 401) void this.server.events.emit(instance, 'logout.instance', null);
    this.tell(instance, { state: 'close', statusReason: code });
  }

  /** A new code now: what a person asks for who was too slow. */
  renewCode(instance: Instance): void {
    this.timers.get(instance.ref)?.cancel();
    if (instance.state !== 'connecting') this.start(instance);
    else this.nextCode(instance);
  }

  /** The socket is gone with everything that it waited for. */
  stopCodes(instance: Instance): void {
    this.timers.get(instance.ref)?.cancel();
    this.timers.delete(instance.ref);
  }

  /** After a restart: an instance that waited for its phone goes on waiting, one that was reconnecting is back. */
  resume(instance: Instance): void {
    if (instance.state !== 'connecting') return;
    if (instance.qr) this.scheduleCode(instance);
    else this.open(instance);
  }

  private nextCode(instance: Instance, number?: string): void {
    const count = (instance.qr?.count ?? 0) + 1;
    if (count > instance.settings.qrLimit) return this.giveUp(instance);
    const pairingCode = number ? randomPairingCode() : (instance.qr?.pairingCode ?? null);
    instance.qr = { code: `2@${randomHex(44)},${randomHex(32)},${randomHex(16)}`, count, pairingCode };
    this.server.touch(instance);
    const { code } = instance.qr;
    void this.server.events.emit(instance, 'qrcode.updated', {
      qrcode: { instance: instance.ref, pairingCode, code, base64: qrPng(code) },
    });
    this.scheduleCode(instance);
  }

  private scheduleCode(instance: Instance): void {
    const delay = instance.settings.qrSeconds * 1000;
    this.timers.set(
      instance.ref,
      this.server.world.clock.after(delay, () => this.nextCode(instance)),
    );
  }

  private giveUp(instance: Instance): void {
    this.stopCodes(instance);
    Object.assign(instance, { state: 'close', qr: null });
    this.server.touch(instance);
    void this.server.events.emit(instance, 'qrcode.updated', {
      message: 'QR code limit reached, please login again',
      statusCode: 500,
    });
    this.tell(instance, { state: 'refused', statusReason: 428 });
  }

  private tell(instance: Instance, data: Record<string, unknown>): void {
    this.server.touch(instance);
    void this.server.events.emit(instance, 'connection.update', { instance: instance.ref, ...data });
  }
}

const PAIRING_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

function randomPairingCode(): string {
  return Array.from(
    randomHex(16).match(/../g) ?? [],
    (pair) => PAIRING_ALPHABET[parseInt(pair, 16) % PAIRING_ALPHABET.length],
  ).join('');
}
