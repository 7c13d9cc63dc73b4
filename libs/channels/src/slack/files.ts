import { z } from 'zod';
import { openFile } from '../file-answer';
import { peekName } from '../json-body';
import { FileGone, type FileHandle } from '../provider';
import { failure } from './errors';
import type { SlackConfig } from './slack.config';
import { SlackId, type File } from './slack.payloads';
import { errorIn, get, isOk } from './web-api';

/** Its address is asked for anew each time: in shared channels the event does not bring it (contract §3). */
export function handleOf({ id, mimetype }: File): FileHandle {
  return { fileId: id, ...(mimetype !== null && { mimeType: mimetype }) };
}

const Address = z.url({ protocol: /^https?$/ });
const gone = new Set(['file_not_found', 'file_deleted', 'not_visible']);

export async function fetchFile({ fileId, mimeType }: FileHandle, config: SlackConfig, http: typeof fetch) {
  const answer = await get(http, config, 'files.info', { file: SlackId.parse(fileId) });
  if (gone.has(errorIn(answer) ?? '')) throw new FileGone('Slack has this file no more.');
  if (!isOk(answer)) throw failure(answer);
  const named = peekName(answer.json, 'file', 'url_private_download') ?? peekName(answer.json, 'file', 'url_private');
  if (named === undefined) throw new FileGone('This file lies outside of Slack.');
  const url = Address.parse(named);
  const headers = isSlacks(url, config) ? { authorization: `Bearer ${config.botToken}` } : undefined;
  // Who may not read it is shown the page where people sign in, with status 200.
  const isPage = (type: string) => type.startsWith('text/html') && mimeType !== 'text/html';
  return openFile(http, url, { ...(headers && { headers }) }, isPage);
}

/** The token goes to Slack, or to who stands in for it, and nowhere else. */
function isSlacks(url: string, { apiUrl }: Pick<SlackConfig, 'apiUrl'>): boolean {
  const { origin, hostname, protocol } = new URL(url);
  return origin === new URL(apiUrl).origin || (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname));
}
