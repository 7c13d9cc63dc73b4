import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createUpload, discardUpload } from '@parley/contracts/files';
import { FILE_PART } from '@parley/contracts/route';
import type { CrashPoint } from '@parley/platform/crash-points';
import { expect } from 'vitest';
import type { TestMember } from '../tenant';
import { waitFor } from '../wait-for';
import { after, awaitedLater, untilAnswered, type CrashStage } from './crash-stage';

const MIB = 2 ** 20;
const [FIRST, ALL] = [MIB, 2 * MIB];
/** What a living api may refuse a part for after its claim is over; far less than a test may take. */
const REFUSED_MS = 15_000;

interface Row {
  state: string;
  /** What the row says of how far it has come. */
  received: number;
  /** A part that nobody ended holds it. */
  isHeld: boolean;
}

/** A file that a member takes up in two parts, as a client does that was cut off: it asks how far things are, and goes on there. */
class Uploading {
  readonly id = randomUUID();
  readonly bytes = randomBytes(ALL);
  /** Where its parts began, as the server said. */
  readonly offsets: number[] = [];

  private constructor(
    private readonly stage: CrashStage,
    private readonly member: TestMember,
  ) {}

  static async begin(stage: CrashStage): Promise<Uploading> {
    const { owner } = await stage.system.app.newTenant();
    return new Uploading(stage, owner);
  }

  /** Until all of it is there. Throws when an api that lives goes on refusing the next part. */
  async takeUp(): Promise<void> {
    let refusedSince: number | undefined;
    for (let offset = await this.ask(); offset < ALL; offset = await this.ask()) {
      this.offsets.push(offset);
      const sent = await this.part(offset).catch(() => undefined);
      if (!sent || sent.ok) refusedSince = undefined;
      else await this.bear(sent, { offset, since: (refusedSince ??= performance.now()) });
    }
  }

  async row(): Promise<Row> {
    const [row] = await this.stage.system.app.sql<Row[]>`
      select state, received_bytes::int received, due_at > now() "isHeld" from attachments where tenant_id = ${this.member.tenantId}`;
    if (!row) throw new Error('no upload');
    return row;
  }

  /** As if the minute and a half were over that a part is held for. */
  async lapse(): Promise<void> {
    await this.stage.system.app.sql`update attachments set due_at = now() where tenant_id = ${this.member.tenantId}`;
  }

  /** As if the day were over that it is kept for. */
  async expire(): Promise<void> {
    await this.stage.system.app
      .sql`update attachments set expires_at = now() where tenant_id = ${this.member.tenantId}`;
  }

  async discard(): Promise<void> {
    await this.caller.call(discardUpload, { params: { id: this.id } });
  }

  /** Names of what lies in the tenant's folder. */
  files(): Promise<string[]> {
    return readdir(this.folder).catch(() => []);
  }

  /** Bytes that lie there, whatever its row says. */
  async kept(): Promise<number> {
    return (await stat(path.join(this.folder, this.id))).size;
  }

  /** It is there once, with every byte in its place. */
  async expectWhole(): Promise<void> {
    expect(await this.row()).toMatchObject({ state: 'uploaded', received: ALL });
    expect(await this.files()).toEqual([this.id]);
    expect((await readFile(path.join(this.folder, this.id))).equals(this.bytes)).toBe(true);
  }

  /** Neither a row nor a byte of it is left. */
  async expectGone(): Promise<void> {
    const { sql } = this.stage.system.app;
    await waitFor('it to be gone', async () => {
      return (await sql`select 1 from attachments where tenant_id = ${this.member.tenantId}`).length === 0;
    });
    expect(await this.files()).toEqual([]);
  }

  /** The dead may hold it still, but not for good. */
  private async bear(refusal: Response, { offset, since }: { offset: number; since: number }): Promise<void> {
    if (performance.now() - since > REFUSED_MS) {
      const [said, row] = [await refusal.text(), JSON.stringify(await this.row())];
      throw new Error(
        `the part from byte ${offset} is to be taken up once nobody holds it, and is refused for ${REFUSED_MS} ms: ${refusal.status} ${said}; its row: ${row}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private get caller() {
    return this.stage.system.app.as(this.member);
  }

  private get folder(): string {
    return path.join(this.stage.system.app.env.FILES_DIR, 'files', this.member.tenantId);
  }

  private ask(): Promise<number> {
    const body = { id: this.id, fileName: 'order.bin', mimeType: 'application/octet-stream', sizeBytes: ALL };
    return untilAnswered('how far it is', async () => {
      const answer = await this.caller.call(createUpload, { body });
      return answer.status === 201 ? answer.body.receivedBytes : undefined;
    });
  }

  private part(offset: number): Promise<Response> {
    const end = offset < FIRST ? FIRST : ALL;
    const headers = { 'content-type': FILE_PART, 'upload-offset': String(offset) };
    return this.caller.fetch(`/api/inbox/uploads/${this.id}`, {
      method: 'PATCH',
      headers,
      body: new Uint8Array(this.bytes.subarray(offset, end)),
    });
  }
}

/**
 * The api dies while it takes a file up: who sends it goes on where the server says, and there is one file, whole. Taken back,
 * nothing of it stays.
 */
export function takeUp({ hit = 1, dead }: { hit?: number; dead: (file: Uploading) => Promise<unknown> }) {
  return async (stage: CrashStage, point: CrashPoint): Promise<string> => {
    const file = await Uploading.begin(stage);
    await stage.startDying(`${point}:${hit}`);
    const takingUp = awaitedLater(file.takeUp());
    await stage.died(point);
    await dead(file);
    const [{ received }, begun] = [await file.row(), file.offsets.length];
    await file.lapse();
    const since = performance.now();
    await stage.startAgain();
    await takingUp;
    const taken = after(since, 'whole');
    expect(file.offsets[begun] ?? ALL).toBe(received);
    await file.expectWhole();
    await file.discard();
    await file.expectGone();
    return taken;
  };
}

const stands = (row: Row) => async (file: Uploading) => expect(await file.row()).toEqual(row);
export const begun = stands({ state: 'uploading', received: 0, isHeld: false });
export const held = stands({ state: 'uploading', received: 0, isHeld: true });
export const unfinished = stands({ state: 'uploading', received: FIRST, isHeld: true });
export const whole = stands({ state: 'uploaded', received: ALL, isHeld: false });

/** More of it lies there than its row knows. */
export async function written(file: Uploading): Promise<void> {
  await held(file);
  expect(await file.kept()).toBeGreaterThan(0);
}

/** The worker dies while it takes away what nobody sent: another ends it, and nothing stays. */
export async function takeBack(stage: CrashStage, point: CrashPoint): Promise<string> {
  const file = await Uploading.begin(stage);
  await file.takeUp();
  await stage.stop();
  await file.expire();
  await stage.startDying(point);
  await stage.died(point);
  expect(await file.files()).toEqual([]);
  expect((await file.row()).state).toBe('removed');
  const since = performance.now();
  await stage.startAgain();
  await file.expectGone();
  return after(since, 'gone');
}
