'use client';

import { useSyncExternalStore } from 'react';

/** One setting that this browser remembers, shared by its tabs. */
export interface Remembered<Value> {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
  /** Before hydration, and on the server: given to React so that both render the same. */
  initial: Value;
}

/** `accept` guards against what an older version left behind. */
export function remembered<Value>(
  key: string,
  initial: Value,
  accept: (value: unknown) => value is Value = anything,
): Remembered<Value> {
  const listeners = new Set<() => void>();
  let cached: { text: string | null; value: Value } | null = null;
  const get = (): Value => {
    const text = read(key);
    if (!cached || cached.text !== text) cached = { text, value: parse(text, initial, accept) };
    return cached.value;
  };
  const onStorage = (event: StorageEvent) => {
    if (event.key === key || event.key === null) listeners.forEach((listener) => listener());
  };
  return {
    initial,
    get,
    set(value) {
      write(key, JSON.stringify(value));
      listeners.forEach((listener) => listener());
    },
    subscribe(listener) {
      if (listeners.size === 0) window.addEventListener('storage', onStorage);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) window.removeEventListener('storage', onStorage);
      };
    },
  };
}

/** The setting in a component, and its setter. */
export function useRemembered<Value>(setting: Remembered<Value>): [Value, (value: Value) => void] {
  return [useSyncExternalStore(setting.subscribe, setting.get, () => setting.initial), setting.set];
}

function parse<Value>(text: string | null, initial: Value, accept: (value: unknown) => value is Value): Value {
  if (text === null) return initial;
  try {
    const value: unknown = JSON.parse(text);
    return accept(value) ? value : initial;
  } catch {
    return initial;
  }
}

function anything<Value>(_value: unknown): _value is Value {
  return true;
}

// Storage is refused in some private windows: the setting then lives as long as nothing asks for it twice.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // nothing to remember it in
  }
}
