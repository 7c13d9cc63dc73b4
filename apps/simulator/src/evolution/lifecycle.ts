import { randomHex, randomPhone, uuidOf } from '../world/ids';
import { changeSettings, quickSettings, type CommonSettings } from '../world/settings';
import type { Connections } from './connection';
import { defaultServerSettings, evolutionDefaults, EvolutionSettings, type Instance } from './instance';
import type { Server } from './server';

interface NewInstance {
  ref: string;
  name?: string;
  token?: string;
  phone?: string;
  integration?: string;
  demo?: boolean;
  pace?: CommonSettings;
  settings?: Record<string, unknown>;
}

/** How instances come and go. */
export class Lifecycle {
  constructor(
    private readonly server: Server,
    private readonly connections: Connections,
  ) {}

  /** A closed instance; its number is made from its name unless one is given. */
  add(wanted: NewInstance): Instance {
    const now = new Date(this.server.world.clock.now()).toISOString();
    const settings = changeSettings(
      EvolutionSettings,
      { ...(wanted.pace ?? quickSettings), ...evolutionDefaults },
      wanted.settings ?? {},
    );
    const instance: Instance = {
      provider: 'evolution',
      ref: wanted.ref,
      name: wanted.name ?? wanted.ref,
      phone: wanted.phone ?? randomPhone(),
      demo: wanted.demo ?? false,
      id: uuidOf(`instance ${wanted.ref}`),
      token: wanted.token ?? randomHex(32),
      integration: wanted.integration ?? 'WHATSAPP-BAILEYS',
      state: 'close',
      linked: false,
      webhook: null,
      server: { ...defaultServerSettings },
      qr: null,
      disconnected: null,
      createdAt: now,
      updatedAt: now,
      settings,
    };
    return this.server.instances.set(instance.ref, instance);
  }

  /** Deleted with everything it knew; two events say so. */
  remove(instance: Instance): void {
    this.connections.stopCodes(instance);
    const { events, world } = this.server;
    void events.emit(instance, 'remove.instance', null);
    void events.emit(instance, 'instance.delete', { instanceName: instance.ref, instanceId: instance.id });
    world.chats.forget(instance);
    this.server.instances.delete(instance.ref);
    world.bus.publish({ type: 'account', account: `evolution/${instance.ref}` });
  }
}
