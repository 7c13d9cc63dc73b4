import fs from 'node:fs';
import path from 'node:path';

const maxBytes = 20 * 1024 * 1024;
const tailLines = 30;

/** What a process printed: appended to a file that is turned over at 20 MB, its last lines kept at hand. */
export class LogFile {
  #file;
  #descriptor;
  #bytes;
  #unfinished = '';
  #tail = [];

  constructor(file) {
    this.#file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.#open();
  }

  write(chunk) {
    fs.writeSync(this.#descriptor, chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) this.#turnOver();
    const lines = (this.#unfinished + chunk.toString('utf8')).split('\n');
    this.#unfinished = lines.pop();
    this.#tail = [...this.#tail, ...lines].slice(-tailLines);
    return lines;
  }

  /** The last lines written, oldest first. */
  tail() {
    return [...this.#tail, this.#unfinished].filter(Boolean).join('\n');
  }

  #open() {
    this.#descriptor = fs.openSync(this.#file, 'a', 0o600);
    this.#bytes = fs.fstatSync(this.#descriptor).size;
  }

  #turnOver() {
    fs.closeSync(this.#descriptor);
    fs.renameSync(this.#file, `${this.#file}.1`);
    this.#open();
  }
}
