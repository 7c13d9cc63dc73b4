'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { whenIdle } from './use-idle';

/** A module that the first screen can do without: fetched in a quiet moment, or when it is asked for. */
export interface LateModule<Module> {
  fetch(): Promise<Module>;
  /** The module in a component; null until it is here. */
  use(): Module | null;
  /** The module, for what is drawn only once it is here. */
  get(): Module;
}

export function lateModule<Module>(load: () => Promise<Module>): LateModule<Module> {
  let here: Module | null = null;
  let coming: Promise<Module> | null = null;
  const listeners = new Set<() => void>();

  const fetch = () => {
    coming ??= load().then(
      (module) => {
        here = module;
        listeners.forEach((listener) => listener());
        return module;
      },
      (error: unknown) => {
        coming = null; // the next one who asks tries again
        throw error;
      },
    );
    return coming;
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    fetch,
    get() {
      if (!here) throw new Error('Drawn before its module is here.');
      return here;
    },
    use() {
      useEffect(() => (here ? undefined : whenIdle(() => void fetch().catch(() => undefined))), []);
      return useSyncExternalStore(
        subscribe,
        () => here,
        () => null,
      );
    },
  };
}
