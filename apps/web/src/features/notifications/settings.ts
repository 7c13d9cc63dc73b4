import { remembered } from '@/lib/remembered';

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** A sound for new work. */
export const soundSetting = remembered<boolean>('parley.sound', true, isBoolean);

/** A notification of the browser's while nobody looks here. Off until somebody asks for it. */
export const notifySetting = remembered<boolean>('parley.notify', false, isBoolean);

/** Asks the browser for leave. False: it was refused, or cannot be given. */
export async function askToNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (
    (Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission) ===
    'granted'
  );
}
