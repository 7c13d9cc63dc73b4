import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { Multipart } from '../world/bodies';
import { randomHex } from '../world/ids';
import { sendFile } from '../world/send-file';
import type { HeldFile, State, Workspace } from './state';

/** Files of a workspace: where they are uploaded to, and what opens them. */
export class Files {
  constructor(private readonly state: State) {}

  routes(scope: FastifyInstance): void {
    scope.post('/upload/v1/:key', async (request, reply) => {
      const { key } = request.params as { key: string };
      const file = [...this.state.allFiles()].find(({ awaits }) => awaits?.key === key);
      if (!file?.awaits) return reply.status(404).send('not found');
      const bytes = bytesOf(request.body);
      if (bytes.byteLength !== file.awaits.length) return reply.status(400).send('the length is not the announced one');
      const { id } = this.state.world.media.keep(bytes, { mimeType: typeOf(file.name), fileName: file.name });
      this.state.keepFile({ ...file, media: id });
      return reply.type('text/plain').send(`OK - ${bytes.byteLength}`);
    });
    const open = '/files-pri/:owned';
    for (const path of [`${open}/:name`, `${open}/download/:name`]) {
      scope.get(path, async (request, reply) => {
        const { owned } = request.params as { owned: string };
        const [team = '', id = ''] = owned.split('-');
        const file = this.state.file(id);
        const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
        const workspace = this.opened(team, token);
        if (!file || !workspace) return reply.type('text/html').send('<!doctype html><title>Sign in to Slack</title>');
        const { world } = this.state;
        const mimeType = world.media.find(file.media)?.mimeType ?? 'application/octet-stream';
        return sendFile(world, workspace, request, reply, { mimeType, bytes: world.media.read(file.media) });
      });
    }
  }

  /** A place for bytes that are still to come. */
  announce(workspace: Workspace, name: string, length: number): { file: HeldFile; url: string } {
    const key = randomBytes(16).toString('hex');
    const file = this.state.keepFile({ ...this.blank(workspace.botUserId, name), awaits: { length, key } });
    return { file, url: `${this.state.world.origin}/slack/upload/v1/${key}` };
  }

  /** One that somebody has already. */
  share(
    user: string,
    media: { id: string; fileName: string },
    more: { name?: string; subtype?: string } = {},
  ): HeldFile {
    const file = this.blank(user, more.name ?? media.fileName);
    return this.state.keepFile({ ...file, media: media.id, ...(more.subtype && { subtype: more.subtype }) });
  }

  private blank(user: string, name: string): HeldFile {
    return {
      id: `F${randomHex(10)}`,
      media: '',
      name,
      title: name,
      user,
      shares: [],
      createdAt: this.state.world.clock.now(),
    };
  }

  /** The workspace whose files that token opens. */
  private opened(team: string, given: string | undefined): Workspace | undefined {
    const workspace = [...this.state.workspaces.values()].find(({ teamId }) => teamId === team);
    const token = workspace?.tokens.find((each) => each.token === given);
    return token && !token.dead && token.scopes.includes('files:read') ? workspace : undefined;
  }
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  if (body instanceof Multipart) return Object.values(body.files)[0]?.bytes ?? Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : '');
}

const types: Record<string, string> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  txt: 'text/plain',
};
const typeOf = (name: string) => types[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
