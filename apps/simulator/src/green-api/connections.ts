import { keyOf } from '../world/account';
import { randomHex } from '../world/ids';
import type { Cloud } from './cloud';
import type { Instance, State } from './instance';
import { envelope } from './wire';

/** Whether a phone is linked, and what the instance tells of it. */
export class Connections {
  private readonly listeners: ((instance: Instance) => void)[] = [];

  constructor(private readonly cloud: Cloud) {}

  /** Called when what waited may go out. */
  onLinked(listener: (instance: Instance) => void): void {
    this.listeners.push(listener);
  }

  become(instance: Instance, state: State): void {
    if (instance.state === state) return;
    instance.state = state;
    if (state !== 'notAuthorized') instance.qr = null;
    instance.history.push({ stateInstance: state, timestamp: this.cloud.world.clock.nowSeconds() });
    this.cloud.touch(instance);
    this.cloud.world.bus.publish({ type: 'account', account: keyOf(instance) });
    if (instance.wa.stateWebhook === 'yes') {
      const body = envelope(this.cloud, instance, 'stateInstanceChanged', { stateInstance: state });
      this.cloud.notifications.add(instance, 'stateInstanceChanged', body);
    }
    if (state === 'authorized' || state === 'suspended') for (const listener of this.listeners) listener(instance);
  }

  /** Away for a moment, then as before. `then` is done when it is back. */
  restart(instance: Instance, then: () => void): void {
    const { restartMs } = instance.settings;
    if (restartMs === 0) return then();
    const before = instance.state === 'starting' ? 'authorized' : instance.state;
    this.become(instance, 'starting');
    this.cloud.world.clock.after(restartMs, () => {
      then();
      if (instance.state === 'starting') this.become(instance, before);
    });
  }

  /** The code to scan now; `null` where a phone is linked. */
  code(instance: Instance): string | null {
    if (instance.state !== 'notAuthorized') return null;
    const now = this.cloud.world.clock.now();
    if (!instance.qr || instance.qr.until <= now) {
      instance.qr = { code: `2@${randomHex(40)}`, until: now + instance.settings.qrSeconds * 1000 };
      this.cloud.touch(instance);
    }
    return instance.qr.code;
  }
}
