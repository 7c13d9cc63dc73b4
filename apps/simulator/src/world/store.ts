import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';

const FLUSH_MS = 100;

/**
 * Named maps that survive a restart. Changes are gathered for a tenth of a second and appended to one file, one
 * line a change; the file is rewritten when it is opened and mostly holds what is no longer true. A kill loses
 * the last tenth of a second, an orderly stop nothing.
 */
export class Store {
  private readonly tables = new Map<string, Table<unknown>>();
  private readonly loaded = new Map<string, Map<string, unknown>>();
  private readonly file: string;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = path.join(folder, 'state.jsonl');
    this.load();
  }

  /** The table of that name. Its rows are trusted to have the shape with which this very code wrote them. */
  table<T>(name: string): Table<T> {
    const known = this.tables.get(name);
    if (known) return known as Table<T>;
    const rows = (this.loaded.get(name) ?? new Map()) as Map<string, T>;
    this.loaded.delete(name);
    const table = new Table<T>(rows, () => this.schedule());
    this.tables.set(name, table as Table<unknown>);
    return table;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    const lines = this.changedLines();
    if (lines) appendFileSync(this.file, lines);
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const lines = this.changedLines();
      this.writing = this.writing.then(() => appendFile(this.file, lines)).catch(reportLoss);
    }, FLUSH_MS);
  }

  private changedLines(): string {
    let lines = '';
    for (const [name, table] of this.tables) {
      for (const key of table.takeChanged()) lines += line(name, key, table.get(key));
    }
    return lines;
  }

  private load(): void {
    if (!existsSync(this.file)) return writeFileSync(this.file, '');
    const lines = readFileSync(this.file, 'utf8').split('\n');
    for (const text of lines) this.apply(text);
    const live = [...this.loaded.values()].reduce((sum, rows) => sum + rows.size, 0);
    if (lines.length > 2 * live + 1000) this.rewrite();
  }

  private apply(text: string): void {
    if (!text) return;
    try {
      const [table, key, value] = JSON.parse(text) as [string, string, unknown];
      const rows = this.loaded.get(table) ?? new Map<string, unknown>();
      this.loaded.set(table, rows);
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    } catch {
      // A line cut short by a kill: what it held is lost, the rest is not.
    }
  }

  private rewrite(): void {
    let lines = '';
    for (const [name, rows] of this.loaded) for (const [key, value] of rows) lines += line(name, key, value);
    writeFileSync(`${this.file}.new`, lines);
    renameSync(`${this.file}.new`, this.file);
  }
}

/** A map whose changes are kept. Rows may be changed in place; `touch` then says so. */
export class Table<T> {
  private readonly changed = new Set<string>();

  constructor(
    private readonly rows: Map<string, T>,
    private readonly onChange: () => void,
  ) {}

  get size(): number {
    return this.rows.size;
  }

  get(key: string): T | undefined {
    return this.rows.get(key);
  }

  values(): IterableIterator<T> {
    return this.rows.values();
  }

  set(key: string, row: T): T {
    this.rows.set(key, row);
    this.touch(key);
    return row;
  }

  delete(key: string): void {
    if (this.rows.delete(key)) this.touch(key);
  }

  touch(key: string): void {
    this.changed.add(key);
    this.onChange();
  }

  /** Deletes every row. */
  wipe(): void {
    for (const key of [...this.rows.keys()]) this.delete(key);
  }

  takeChanged(): string[] {
    const keys = [...this.changed];
    this.changed.clear();
    return keys;
  }
}

const line = (table: string, key: string, value: unknown) =>
  `${JSON.stringify(value === undefined ? [table, key] : [table, key, value])}\n`;

function reportLoss(error: unknown): void {
  console.error('The simulator could not write its state:', error);
}
