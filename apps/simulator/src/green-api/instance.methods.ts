import { z } from 'zod';
import { randomHex } from '../world/ids';
import { qrPng } from '../world/qr';
import type { Cloud } from './cloud';
import type { Connections } from './connections';
import { bad } from './errors';
import type { InstanceSettings } from './instance';
import { parsed, type Methods } from './methods';

const Settings = z.record(z.string(), z.union([z.string(), z.number()]));
const PhoneNumber = z.object({ phoneNumber: z.int() });
/** As long as a person needs to type the code. */
const CODE_TAKEN_MS = 3_000;

/** State, login and settings of an instance. */
export function instanceMethods(cloud: Cloud, connections: Connections): Methods {
  return {
    getStateInstance: { verb: 'GET', perSecond: 1, run: ({ instance }) => ({ stateInstance: instance.state }) },
    getStatusInstance: {
      verb: 'GET',
      perSecond: 1,
      run: ({ instance }) => ({ statusInstance: instance.state === 'authorized' ? 'online' : 'offline' }),
    },
    getStateInstanceHistory: { verb: 'GET', perSecond: 1, run: ({ instance }) => instance.history.slice(-100) },
    getWaSettings: {
      verb: 'GET',
      perSecond: 1,
      run({ instance: { state, phone } }) {
        const linked = state === 'authorized' || state === 'suspended';
        return {
          avatar: '',
          chatId: linked ? `${phone}@c.us` : '',
          phone: linked ? phone : '',
          deviceId: linked ? `${phone}:26@s.whatsapp.net` : '',
          stateInstance: state,
          historySyncProgress: 100,
          ...(state === 'suspended' && { suspendedUntil: cloud.world.clock.nowSeconds() + 86_400 }),
          logoutProcess: false,
        };
      },
    },
    getSettings: {
      verb: 'GET',
      perSecond: 1,
      run: ({ instance: { wa, phone, state } }) => ({ wid: state === 'authorized' ? `${phone}@c.us` : '', ...wa }),
    },
    setSettings: {
      verb: 'POST',
      perSecond: 1,
      run({ instance, body }) {
        if (instance.state === 'starting') throw bad('instance in starting process try later');
        const wanted: InstanceSettings = parsed(Settings, body);
        connections.restart(instance, () => {
          Object.assign(instance.wa, wanted);
          cloud.touch(instance);
          void cloud.notifications.pump(instance);
        });
        return { saveSettings: true };
      },
    },
    reboot: {
      verb: 'GET',
      perSecond: 1,
      run({ instance }) {
        connections.restart(instance, () => undefined);
        return { isReboot: true };
      },
    },
    logout: {
      verb: 'GET',
      perSecond: 1,
      run({ instance }) {
        connections.become(instance, 'notAuthorized');
        return { isLogout: true };
      },
    },
    updateApiToken: {
      verb: 'GET',
      perSecond: 1,
      run({ instance }) {
        instance.token = randomHex(50).toLowerCase();
        cloud.touch(instance);
        return { apiTokenInstance: instance.token };
      },
    },
    qr: {
      verb: 'GET',
      perSecond: 3,
      run({ instance }) {
        if (instance.state === 'starting') return { type: 'error', message: 'instance in starting process try later' };
        const code = connections.code(instance);
        if (code === null) return { type: 'alreadyLogged', message: 'instance account already authorized' };
        return { type: 'qrCode', message: qrPng(code).replace(/^data:image\/png;base64,/, '') };
      },
    },
    getAuthorizationCode: {
      verb: 'POST',
      perSecond: 1,
      run({ instance, body }) {
        const { phoneNumber } = parsed(PhoneNumber, body);
        if (instance.state !== 'notAuthorized') throw bad('instance account already authorized');
        if (String(phoneNumber) === instance.phone) {
          cloud.world.clock.after(CODE_TAKEN_MS, () => connections.become(instance, 'authorized'));
        }
        return { status: true, code: randomHex(8) };
      },
    },
    receiveNotification: {
      verb: 'GET',
      perSecond: 100,
      async run({ instance }) {
        if (instance.wa.webhookUrl) return 'null';
        if (!cloud.notifications.first(instance)) await cloud.world.clock.sleep(5_000);
        return cloud.notifications.first(instance) ?? 'null';
      },
    },
    deleteNotification: {
      verb: 'DELETE',
      perSecond: 100,
      run: ({ instance, extra }) => ({ result: cloud.notifications.remove(instance, Number(extra)) }),
    },
  };
}
