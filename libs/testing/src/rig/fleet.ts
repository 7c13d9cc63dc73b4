import type { ProviderName } from '@parley/contracts/accounts';
import type postgres from 'postgres';
import type { TestApp } from '../app';
import type { SimulatorClient } from '../simulator';
import type { LiveAccount } from '../system/system';
import type { TestMember, TestTenant } from '../tenant';
import type { Door } from './door';
import type { Launcher, Server } from './launcher';

export interface FleetTenant {
  tenant: TestTenant;
  /** Watches the stream, and writes nothing. */
  owner: TestMember;
  /** Answers customers. */
  agent: TestMember;
  accounts: LiveAccount[];
}

/** A built app in a process of its own, started again within 250 ms when it dies, unless it was stopped. */
export interface FleetProcess {
  name: 'api' | 'worker';
  /** Origin of the api, or of the worker's health and metrics. */
  url: string;
  /** Of the process that runs now; 0 while none does. */
  pid(): number;
  kill(signal: NodeJS.Signals): void;
  /** Ends it in order (SIGTERM), and leaves it so. */
  stop(): Promise<void>;
  /** Stops it if it runs, and starts it with these variables beside the fleet's, until the next `start`. Resolves once it is ready. */
  start(env?: Record<string, string>): Promise<void>;
  /** Resolves once the process that runs now, or the next, is ready. */
  ready(): Promise<void>;
  /** How often it died without being asked to stop. */
  deaths(): number;
  /** Bytes. */
  rss(): number;
  /** Of all its lives. */
  cpuMs(): number;
  /** Everything that all its lives printed, the last 2 MB of it. */
  output(): string;
}

export interface FleetOptions {
  apis?: number;
  workers?: number;
  /** For every api and worker. */
  env?: Record<string, string>;
  tenants?: number;
  /** Over all tenants, each in turn. */
  accounts?: number;
  providers?: ProviderName[];
  /** Lines of postgresql.conf and redis.conf. */
  postgres?: Record<string, string>;
  redis?: Record<string, string>;
}

/** The whole product as an operator runs it, on servers of its own, with a door that can be shut before each of them. */
export interface Fleet {
  /** Speaks through the entry. */
  app: TestApp;
  simulator: SimulatorClient;
  /** The owner's connection, past the door. */
  sql: postgres.Sql;
  postgres: Server;
  redis: Server;
  /** In front of Postgres and Redis for every api and worker, and of the simulated providers for their calls. */
  doors: { postgres: Door; redis: Door; provider: Door };
  apis: FleetProcess[];
  workers: FleetProcess[];
  /** Origin of the operator's load balancer: what providers, agents and SSE clients call. It sends no request twice. */
  entry: string;
  tenants: FleetTenant[];
  /** Stops everything. What it finds in order is not told. */
  close(): Promise<void>;
}

/** Two apis and two workers, 20 accounts of every provider over 4 tenants, unless told otherwise. */
export declare function startFleet(launcher: Launcher, options?: FleetOptions): Promise<Fleet>;
