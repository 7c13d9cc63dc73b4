import { createHmac } from 'node:crypto';
import { bodyOf, type Happening, type Sample } from '../conformance/sample';
import { fixtures } from '../testing/fixtures';
import type { Reply } from '../testing/recording-server';
import { cloudApi } from './cloud-api';

const failure = (status: number, code: number): Reply => ({
  status,
  body: { error: { message: `(#${code}) x`, type: 'OAuthException', code, error_data: { details: 'why' } } },
});

/** Cloud API, for the conformance kit. */
export const cloudApiSample: Sample = {
  provider: cloudApi,
  fixtures: fixtures('cloud-api'),
  config: (origin) => ({
    baseUrl: `${origin}/cloud-api`,
    phoneNumberId: '419027735610882',
    wabaId: '271650338812904',
    accessToken: 'EAAG-sample-access-token',
    appSecret: 'sample-app-secret-7f3c',
    verifyToken: 'sample-verify-token-9a52',
  }),
  prove: (body, { appSecret = '' }) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`,
  }),
  signsBody: true,
  tell: (happening) => bodyOf(call(tell(happening))),
  idsPerChat: false,
  reaches: ['phone', 'bsuid'],
  person: { kind: 'direct', addresses: [{ kind: 'phone', address: '+15550182236' }] },
  group: { kind: 'group', externalId: 'Z3JvdXA' },
  message: { externalId: 'wamid.SAMPLE1', written: 'wamid.SAMPLE1' },
  taken: {
    reply: () => ({
      body: {
        messaging_product: 'whatsapp',
        contacts: [{ input: '+15550182236', wa_id: '15550182236' }],
        messages: [{ id: 'wamid.OUT1' }],
      },
    }),
    id: 'wamid.OUT1',
    externalId: 'wamid.OUT1',
  },
  takenFile: {
    reply: ({ url }) => ({
      body: url.endsWith('/media') ? { id: '551200877001' } : { messages: [{ id: 'wamid.OUT1' }] },
    }),
    externalId: 'wamid.OUT1',
  },
  refused: [
    ['a dead token', failure(401, 190), { reason: 'auth' }],
    ['too many', failure(429, 130429), { reason: 'throttled' }],
    ['a person too often', failure(400, 131056), { reason: 'throttled', retryAfterMs: 6_000 }],
    ['trouble of its own', failure(400, 131000), { reason: 'provider' }],
    ['nobody there', failure(400, 131026), { reason: 'recipient' }],
    ['a closed window', failure(400, 131047), { reason: 'window' }],
    ['another shape', failure(400, 100), { reason: 'content' }],
    ['another template', failure(404, 132001), { reason: 'template' }],
  ],
  unknown: [['an unknown error', failure(500, 1)]],
  done: { body: { success: true } },
  templates: {
    reply({ url }) {
      const after = new URL(url, 'http://localhost').searchParams.get('after');
      const [name, next] = after === null ? ['order_ready', 'page2'] : ['order_late', undefined];
      const components = [{ type: 'BODY', text: 'Your order.' }];
      const data = [{ name, language: 'en', status: 'APPROVED', category: 'UTILITY', components }];
      return {
        body: { data, ...(next && { paging: { cursors: { after: next }, next: 'https://graph.example.org' } }) },
      };
    },
    names: ['order_ready', 'order_late'],
  },
};

function tell({ what, id, second }: Happening): object {
  const from = '15550182236';
  const timestamp = String(second);
  const message = (own: string, type: string, content: object) => ({
    messages: [{ from, id: own, timestamp, type, [type]: content }],
  });
  const own = JSON.stringify([what, id, second]);
  switch (what) {
    case 'message':
      return message(id, 'text', { body: 'x' });
    case 'edit':
      return message(own, 'edit', { original_message_id: id, message: { type: 'text', text: { body: 'y' } } });
    case 'deletion':
      return message(own, 'revoke', { original_message_id: id });
    case 'reaction':
      return message(own, 'reaction', { message_id: id, emoji: '👍' });
    case 'reaction taken back':
      return message(own, 'reaction', { message_id: id, emoji: '' });
    default:
      return { statuses: [{ id, status: what, timestamp, recipient_id: from }] };
  }
}

function call(value: object) {
  const metadata = { display_phone_number: '15550104477', phone_number_id: '419027735610882' };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '271650338812904', changes: [{ field: 'messages', value: { metadata, ...value } }] }],
  };
}
