import { setTimeout as later } from 'node:timers/promises';
import type { Capabilities } from '@parley/contracts/accounts';
import { z } from 'zod';
import { peek, peekName } from '../json-body';
import { beforehand, certain, postBytes } from '../post-file';
import type { Outbound, OutboundFile, SendResult } from '../provider';
import { notSent } from './errors';
import { channelTo, idOf } from './identity';
import { toMrkdwn } from './mrkdwn';
import { isJoined, openedFor, threadOf } from './places';
import type { SlackConfig } from './slack.config';
import { errorIn, get, isOk, post } from './web-api';

type Media = Extract<Outbound['content'], { type: 'media' }>;

/** It takes 1 GB (contract §6); more than this does not leave within the time of a call. */
const MAX_BYTES = 2 ** 28;
const WORDS = 4000;

/** Slack takes everything; what it is, it tells by the type. */
export const FILES: Capabilities['files'] = (['image', 'video', 'audio', 'document'] as const).map((kind) => ({
  kind,
  types: [kind === 'document' ? '*/*' : `${kind}/*`],
  maxBytes: MAX_BYTES,
  maxCaption: WORDS,
}));

/** When to look for the message of a file, in ms after the look before. */
const LOOKS_MS = [0, 300, 700, 1500];

/**
 * In three steps, of which the first two show nothing to anybody. The third answers before there is a message: one that is not
 * seen soon counts as unknown, and its echo or a look-up tells of it.
 */
export async function sendFile(
  to: Outbound['to'],
  { kind, file, caption, quote }: Media,
  config: SlackConfig,
  http: typeof fetch,
): Promise<SendResult> {
  if (!FILES.some((rule) => rule.kind === kind)) return refused('content', `nothing is sent as ${kind}`);
  if (channelTo(to) === undefined) return refused('recipient', 'no address that Slack can post to');
  const thread = quote && (await threadOf(quote, config, http));
  if (typeof thread === 'object') return thread;
  const channel = await openedFor(to, config, http);
  if (typeof channel !== 'string') return channel;
  const id = await upload(file, config, http);
  if (typeof id !== 'string') return id;
  const shared = {
    files: [{ id, title: file.name }],
    channel_id: channel,
    ...(thread !== undefined && { thread_ts: thread }),
    ...(caption !== null && { initial_comment: toMrkdwn(caption) }),
  };
  let answer = await post(http, config, 'files.completeUploadExternal', shared);
  if (errorIn(answer) === 'not_in_channel' && (await isJoined(channel, config, http)))
    answer = await post(http, config, 'files.completeUploadExternal', shared);
  if (!isOk(answer)) return notSent(answer);
  const ts = await messageOf(id, channel, config, http);
  if (ts === undefined) return { outcome: 'unknown', detail: 'Slack has the file, and its message was not seen yet' };
  return { outcome: 'accepted', externalId: idOf(channel, ts) };
}

const UploadUrl = z.url({ protocol: /^https?$/ });

/** The file's id, known to us alone so far. */
async function upload(file: OutboundFile, config: SlackConfig, http: typeof fetch): Promise<string | SendResult> {
  const ask = { filename: file.name, length: String(file.sizeBytes) };
  const place = await beforehand(() => get(http, config, 'files.getUploadURLExternal', ask));
  if ('outcome' in place) return place;
  const [id, url] = [peekName(place.json, 'file_id'), UploadUrl.safeParse(peek(place.json, 'upload_url')).data];
  if (!isOk(place) || id === undefined || url === undefined) return certain(notSent(place));
  const taken = await beforehand(() => postBytes(http, url, file));
  if ('outcome' in taken) return taken;
  return taken.ok ? id : refused('provider', `the file was answered with ${taken.status}`);
}

/** The ts under which a file was shared; undefined: not yet. What is asked in vain here changes nothing. */
async function messageOf(
  file: string,
  channel: string,
  config: SlackConfig,
  http: typeof fetch,
): Promise<string | undefined> {
  for (const ms of LOOKS_MS) {
    await later(ms);
    const answer = await get(http, config, 'files.info', { file }).catch(() => null);
    for (const where of ['public', 'private']) {
      const ts = answer && peekName(answer.json, 'file', 'shares', where, channel, '0', 'ts');
      if (ts) return ts;
    }
  }
  return undefined;
}

function refused(reason: 'recipient' | 'content' | 'provider', detail: string): SendResult {
  return { outcome: 'refused', reason, detail };
}
