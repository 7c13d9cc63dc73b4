import { createHash, createHmac } from 'node:crypto';
import { bodyOf, type Happening, type Sample, type Sent } from '../conformance/sample';
import { fixtures } from '../testing/fixtures';
import type { Recorded, Reply } from '../testing/recording-server';
import { slack } from './slack';

const TEAM = 'T0ACME0001';
const says = (error: string, more: object = {}): Reply => ({ body: { ok: false, error, ...more } });

/** Slack, for the conformance kit. */
export const slackSample: Sample = {
  provider: slack,
  fixtures: fixtures('slack'),
  config: (origin) => ({
    teamId: TEAM,
    botToken: 'xoxe.xoxb-1-sample-token',
    signingSecret: 'sample-signing-secret-9a52',
    refreshToken: 'xoxe-1-sample-refresh',
    tokenExpiresAt: 4_102_444_800,
    apiUrl: `${origin}/api`,
  }),
  prove(body, { signingSecret = '' }) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const hmac = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex');
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hmac}` };
  },
  signsBody: true,
  proofLivesMs: 300_000,
  tell(happening) {
    const event = eventOf(happening);
    if (!event) return null;
    const event_id = `Ev${createHash('sha256').update(JSON.stringify(happening)).digest('hex')}`;
    const authorizations = [{ team_id: TEAM, user_id: 'U0BRIDGE01', is_bot: true }];
    const call = { type: 'event_callback', team_id: TEAM, api_app_id: 'A0PARLEY01', event_id, authorizations, event };
    return bodyOf({ ...call, event_time: happening.second });
  },
  idsPerChat: true,
  reaches: ['slack'],
  person: { kind: 'direct', addresses: [{ kind: 'slack', address: `${TEAM}:U0AGENT001` }] },
  group: { kind: 'group', externalId: 'C0SUPPORT1' },
  message: { externalId: 'C0SUPPORT1:1767225602.000200', written: '1767225602.000200' },
  taken: {
    reply: () => ({ body: { ok: true, channel: 'D0DANA0001', ts: '1767225605.000500' } }),
    id: '1767225605.000500',
    externalId: 'D0DANA0001:1767225605.000500',
  },
  takenFile: { reply: takesFile, externalId: 'D0DANA0001:1767225620.000900' },
  refused: [
    ['a limit', { ...says('ratelimited'), status: 429 }, { reason: 'throttled' }],
    ['a crowded workspace', says('message_limit_exceeded'), { reason: 'throttled', retryAfterMs: 60_000 }],
    ['a revoked token', says('token_revoked'), { reason: 'auth' }],
    ['a missing scope', says('missing_scope', { needed: 'chat:write', provided: '' }), { reason: 'auth' }],
    ['a token whose renewal is under way', says('token_expired'), { reason: 'disconnected' }],
    ['trouble of its own', says('service_unavailable'), { reason: 'provider' }],
    ['a channel that is not there', says('channel_not_found'), { reason: 'recipient' }],
    ['a text too long', says('msg_too_long'), { reason: 'content' }],
  ],
  unknown: [
    ['a fault half way', says('internal_error')],
    ['a yes without an id', { body: { ok: true } }],
  ],
  done: { body: { ok: true } },
  lookUp: {
    reply: (sent) => (request) =>
      request.url.includes('conversations.open')
        ? { body: { ok: true, channel: { id: 'D0DANA0001' } } }
        : { body: { ok: true, messages: standing(sent, request.url) } },
    externalId: 'D0DANA0001:1772615722.000500',
  },
  groupAsked: {
    reply: ({ url }) => ({ body: { ok: true, ...toldOf(new URL(url, 'http://localhost').pathname) } }),
    title: '#support',
    members: [`${TEAM}:U0AGENT001`],
  },
};

function toldOf(path: string): object {
  const channel = { id: 'C0SUPPORT1', name: 'support', is_member: true };
  switch (path.split('/').at(-1)) {
    case 'auth.test':
      return { user_id: 'U0BRIDGE01' };
    case 'conversations.info':
      return { channel };
    case 'conversations.list':
      return { channels: [channel, { id: 'C0OTHER001', name: 'random', is_member: false }] };
    default:
      return { members: ['U0AGENT001', 'U0BRIDGE01'] };
  }
}

/** A place for a file, the file, and its message in the person's direct message. */
function takesFile({ url, headers }: Recorded): Reply {
  const [method = ''] = url.split('/').at(-1)?.split('?') ?? [];
  const answers: Record<string, object> = {
    'conversations.open': { channel: { id: 'D0DANA0001' } },
    'files.getUploadURLExternal': { upload_url: `http://${String(headers.host)}/upload/1`, file_id: 'F0OUT00001' },
    'files.completeUploadExternal': { files: [{ id: 'F0OUT00001' }] },
    'files.info': { file: { id: 'F0OUT00001', shares: { private: { D0DANA0001: [{ ts: '1767225620.000900' }] } } } },
  };
  return { body: { ok: true, ...answers[method] } };
}

/** What stands in the channel since the time that is asked for: somebody's of the same words, and ours. */
function standing({ words, reference, second }: Sent, url: string) {
  const oldest = Number(new URL(url, 'http://localhost').searchParams.get('oldest'));
  if (second < oldest) return [];
  const metadata = { event_type: 'parley_message', event_payload: { reference } };
  return [
    { type: 'message', user: 'U0AGENT001', text: words, ts: `${second}.000400` },
    { type: 'message', bot_id: 'B0PARLEY01', text: words, ts: `${second}.000500`, metadata },
  ];
}

/** A ts that stands for any id. */
function tsOf(id: string): string {
  const number = createHash('sha256').update(id).digest().readUIntBE(0, 6) % 1e12;
  return `1767${String(number).padStart(12, '0').slice(0, 6)}.${String(number).padStart(12, '0').slice(6)}`;
}

function eventOf({ what, id, chat, second }: Happening): object | null {
  const channel = chat === 'first' ? 'C0SUPPORT1' : 'C0SUPPORT2';
  const [ts, event_ts] = [tsOf(id), `${second}.000100`];
  const message = { type: 'message', channel, channel_type: 'channel' };
  switch (what) {
    case 'message':
      return { ...message, user: 'U0AGENT001', text: 'x', ts, event_ts: ts };
    case 'edit': {
      const said = { type: 'message', user: 'U0AGENT001', ts };
      const changed = { ...said, text: 'y', edited: { user: 'U0AGENT001', ts: event_ts } };
      const subtype = { subtype: 'message_changed', hidden: true };
      return {
        ...message,
        ...subtype,
        ts: event_ts,
        event_ts,
        message: changed,
        previous_message: { ...said, text: 'x' },
      };
    }
    case 'deletion':
      return { ...message, subtype: 'message_deleted', hidden: true, deleted_ts: ts, ts: event_ts, event_ts };
    case 'reaction':
    case 'reaction taken back': {
      const type = what === 'reaction' ? 'reaction_added' : 'reaction_removed';
      return { type, user: 'U0AGENT001', reaction: 'thumbsup', item: { type: 'message', channel, ts }, event_ts };
    }
    default:
      return null; // no receipts
  }
}
