import { z } from 'zod';
import { At, IdParams } from './primitives';
import { route } from './route';

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
