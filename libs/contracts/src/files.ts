import { z } from 'zod';
import { At, Id, IdParams, text } from './primitives';
import { FILE_PART, route } from './route';

export const getFileLink = route('GET', '/inbox/files/:id/link', {
  summary:
    'Where the bytes of a file are: a link for this session or key alone, which ends after an hour. `conflict` before it is ready.',
  access: 'inbox.read',
  reach: 'sight',
  params: IdParams,
  /** `inline`: browsers may show it in place; else they save it. */
  response: z.object({ url: z.string(), expiresAt: At, inline: z.boolean() }),
  refuses: ['not_found', 'conflict'],
});

export const retryFile = route('POST', '/inbox/files/:id/retry', {
  summary: 'Fetches a file again that could not be had. `conflict` unless it failed.',
  access: 'inbox.write',
  reach: 'sight',
  params: IdParams,
  refuses: ['not_found', 'conflict'],
});

/** The largest file that is taken up, in bytes; what a channel takes of it stands in its capabilities. */
export const MAX_UPLOAD_BYTES = 2 * 2 ** 30;

/** A file on its way here from who will send it. */
export const Upload = z
  .object({
    id: Id,
    sizeBytes: z.int(),
    /** So many of its bytes are here, from the beginning: the next part goes on there. */
    receivedBytes: z.int(),
    /** What was not sent by then is gone. */
    expiresAt: At,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof Upload>;

export const createUpload = route('POST', '/inbox/uploads', {
  summary:
    'Begins to take up a file, to be sent by its id. The same `id` again answers how far it has come; with another size it is a conflict.',
  access: 'inbox.write',
  reach: 'caller',
  body: z.object({
    id: Id.optional(),
    fileName: text().trim().min(1).max(255),
    mimeType: z
      .string()
      .max(255)
      .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+ *(;[\x20-\x7e]*)?$/, 'is no media type'),
    sizeBytes: z.int().min(1).max(MAX_UPLOAD_BYTES),
  }),
  response: Upload,
  status: 201,
  refuses: ['conflict', 'quota_exceeded'],
});

export const getUpload = route('GET', '/inbox/uploads/:id', {
  summary: 'How far an upload has come. HEAD says it in `Upload-Offset` and `Upload-Length`, as tus 1.0 does.',
  access: 'inbox.write',
  reach: 'tenant',
  params: IdParams,
  response: Upload,
});

export const appendUpload = route('PATCH', '/inbox/uploads/:id', {
  summary:
    'Takes the next part of a file, from `Upload-Offset` on: the core of tus 1.0, whose clients are given this address. What came of a part that breaks off is kept. A part has 30 s.',
  access: 'inbox.write',
  reach: 'tenant',
  params: IdParams,
  takes: FILE_PART,
  refuses: ['conflict'],
});

export const discardUpload = route('DELETE', '/inbox/uploads/:id', {
  summary: 'Forgets a file that was not sent, as far as it has come.',
  access: 'inbox.write',
  reach: 'tenant',
  params: IdParams,
});
