/** What the commands lend: servers of one's own, with their data on this machine's disk and gone at the end. */
export interface Launcher {
  /** A folder of one's own, which every account of this machine may enter. */
  folder(name: string): Promise<string>;
  /** Durable unless told otherwise. `url` names the database `postgres`, as its superuser. */
  postgres(options?: PostgresOptions): Promise<Server>;
  /** Keeps nothing on disk unless told otherwise: it starts empty. */
  redis(options?: RedisOptions): Promise<Server>;
}

export interface PostgresOptions {
  /** For its log and its folder. */
  name?: string;
  /** Lines of postgresql.conf. */
  settings?: Record<string, string>;
  fsync?: boolean;
  /** Where its data is, or is to be; a cluster that is there is taken as it is. Not a mount point itself. */
  dataDir?: string;
}

export interface RedisOptions {
  name?: string;
  /** Lines of redis.conf. */
  settings?: Record<string, string>;
}

/** A running Postgres or Redis. Nobody starts it again when it dies: that is a case's own doing. */
export interface Server {
  url: string;
  port: number;
  dataDir: string;
  pid(): number;
  /** Again, on the same port and data. Resolves once it answers. */
  start(): Promise<void>;
  /** `immediate`: as after a power cut, Postgres recovers when it starts; for Redis the same as `kill`. */
  stop(how: 'fast' | 'immediate' | 'kill'): Promise<void>;
  /** To the server and every process that it started: frozen, a Postgres is so with all its backends. */
  signal(signal: NodeJS.Signals): void;
  /** Ends it for good, its data with it. The launcher does so at the end with those that are left. */
  remove(): Promise<void>;
}
