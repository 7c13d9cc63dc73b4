import type { Chat } from '../world/chats';
import type { Table } from '../world/store';
import type { World } from '../world/world';
import { canonical, lidOf } from './addresses';
import { Events } from './events';
import type { AddressForm, Instance } from './instance';

/** The simulated Evolution server: its instances, and what its parts share. */
export class Server {
  readonly instances: Table<Instance>;
  readonly events: Events;
  /** Tries of magic recipients that refuse a few times first. */
  readonly tries = new Map<string, number>();
  private readonly phones = new Map<string, string>();
  private readonly lines = new Map<string, Promise<void>>();
  private readonly held = new Map<string, (() => void)[]>();

  constructor(readonly world: World) {
    this.instances = world.store.table('evolution.instances');
    this.events = new Events(world);
    for (const instance of this.instances.values()) {
      for (const chat of world.chats.of(instance)) if (chat.phone) this.rememberLid(chat.phone);
    }
  }

  /** The customer's chat, made if nobody wrote in it yet. `phone` are digits as given. */
  directChat(instance: Instance, phone: string, name?: string): Chat {
    const key = canonical(phone);
    this.rememberLid(key);
    const known = this.world.chats.find(instance, key);
    return this.world.chats.open(instance, key, { name, ...(!known?.phone && { phone }) });
  }

  /** Digits of whoever hides behind that LID, if the server has met them. */
  phoneOfLid(lid: string): string | undefined {
    return this.phones.get(lid.replace(/:\d+@/, '@'));
  }

  rememberLid(phone: string): void {
    this.phones.set(lidOf(phone), phone);
  }

  /** In which form the addresses of that chat go out. */
  formOf(instance: Instance, chat: Chat): AddressForm {
    return chat.hidden ? 'only' : instance.settings.addresses;
  }

  /** Says that an instance was changed in place. */
  touch(instance: Instance): void {
    instance.updatedAt = new Date(this.world.clock.now()).toISOString();
    this.instances.touch(instance.ref);
    this.world.bus.publish({ type: 'account', account: `evolution/${instance.ref}` });
  }

  /**
   * The instance's own strictly sequential queue of inbound events. Only what returns a promise holds it up: an edit,
   * whose webhook the real server waits for (contract §2.3). While the socket reconnects, everything waits.
   */
  inLine(instance: Instance, run: () => Promise<void> | void): void {
    if (instance.state === 'close') return; // no phone is linked: WhatsApp has nobody to tell
    if (instance.state === 'connecting') {
      this.held.set(instance.ref, [...(this.held.get(instance.ref) ?? []), () => this.inLine(instance, run)]);
      return;
    }
    const waiting = this.lines.get(instance.ref);
    if (!waiting) {
      const busy = run();
      if (busy) this.wait(instance, busy);
      return;
    }
    this.wait(instance, waiting.then(run));
  }

  /** The socket is open again: what came meanwhile goes out. */
  release(instance: Instance): void {
    const held = this.held.get(instance.ref) ?? [];
    this.held.delete(instance.ref);
    for (const run of held) run();
  }

  private wait(instance: Instance, busy: Promise<void>): void {
    const line = busy.finally(() => {
      if (this.lines.get(instance.ref) === line) this.lines.delete(instance.ref);
    });
    this.lines.set(instance.ref, line);
  }
}
