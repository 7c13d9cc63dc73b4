'use client';

import { useSyncExternalStore } from 'react';

export interface ConnectionState {
  /** Null before the first word. */
  connected: boolean | null;
}

/** Whether events reach this browser. What people are told of it is the banner's business. */
class ConnectionStore {
  private state: ConnectionState = { connected: null };
  private readonly listeners = new Set<() => void>();

  get = (): ConnectionState => this.state;

  set(connected: boolean): void {
    if (this.state.connected === connected) return;
    this.state = { connected };
    this.listeners.forEach((listener) => listener());
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const connection = new ConnectionStore();
const before: ConnectionState = { connected: null };

export function useConnection(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.get, () => before);
}
