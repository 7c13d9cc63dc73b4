import { bodyOf, type Happening, type Sample } from '../conformance/sample';
import { fixtures } from '../testing/fixtures';
import type { Reply } from '../testing/recording-server';
import { evolution } from './evolution';

const failure = (status: number, message: unknown): Reply => ({
  status,
  body: { status, error: 'Error', response: { message } },
});

const crew = {
  id: '120363041234567890@g.us',
  subject: 'Depot crew',
  participants: [
    { id: '77120009988776@lid', phoneNumber: '15550103311@s.whatsapp.net', admin: 'superadmin', name: 'Ted' },
    { id: '15550103312@s.whatsapp.net', admin: null },
  ],
};

const taken = {
  reply: () => ({
    status: 201,
    body: {
      key: { remoteJid: '15550107788@s.whatsapp.net', fromMe: true, id: '3EB0A1B2C3D4E5F60718' },
      status: 'PENDING',
    },
  }),
  id: '3EB0A1B2C3D4E5F60718',
  externalId: '3EB0A1B2C3D4E5F60718',
};

/** Evolution, for the conformance kit. */
export const evolutionSample: Sample = {
  provider: evolution,
  fixtures: fixtures('evolution'),
  config: (origin) => ({
    baseUrl: `${origin}/evolution`,
    instance: 't42 sales',
    apiKey: 'inst-7f3c9a52-sample',
    webhookSecret: 'sample-webhook-secret-7f3c',
    jwtKey: 'sample-jwt-key-9a52',
  }),
  prove: (_body, { webhookSecret = '' }) => ({ 'x-parley-secret': webhookSecret }),
  signsBody: false,
  tell: (happening) => {
    const told = tell(happening);
    return (
      told && bodyOf({ event: told.event, instance: 't42-sales', data: told.data, date_time: String(happening.second) })
    );
  },
  idsPerChat: false,
  reaches: ['phone', 'lid'],
  person: {
    kind: 'direct',
    addresses: [
      { kind: 'lid', address: '88213004455667@lid' },
      { kind: 'phone', address: '+15550107788' },
    ],
  },
  group: { kind: 'group', externalId: '120363041234567890@g.us' },
  message: { externalId: '3A5F0C2277B1D9E4A610', written: '3A5F0C2277B1D9E4A610' },
  taken,
  takenFile: taken,
  refused: [
    ['a wrong key', failure(401, 'Unauthorized'), { reason: 'auth' }],
    ['no such instance', failure(404, ['The "t42" instance does not exist']), { reason: 'auth' }],
    ['no connection', failure(500, 'Connection Closed'), { reason: 'disconnected' }],
    [
      'not on WhatsApp',
      failure(400, [{ jid: '1@s.whatsapp.net', exists: false, number: '1' }]),
      { reason: 'recipient' },
    ],
    ['another shape', failure(400, [['text is required']]), { reason: 'content' }],
    ['a limit', failure(429, 'rate limited'), { reason: 'throttled' }],
  ],
  unknown: [['a fault of its own', failure(500, 'Internal')]],
  done: { status: 201, body: { presence: 'composing' } },
  lookUp: {
    reply:
      ({ words, second }) =>
      (request) => ({
        status: 200,
        body: {
          messages: { records: JSON.stringify(request.body).includes('@s.whatsapp.net') ? stored(words, second) : [] },
        },
      }),
    externalId: '3EB0A1B2C3D4E5F60718',
  },
  past: {
    reply: () => ({ status: 200, body: { messages: { records: stored('x', 1_772_615_722) } } }),
    told: stored('x', 1_772_615_722).map((data) => bodyOf({ event: 'messages.upsert', instance: 't42 sales', data })),
    second: 1_772_615_722,
  },
  groupAsked: {
    reply: ({ url }) => ({ status: 200, body: url.includes('fetchAllGroups') ? [crew] : crew }),
    title: crew.subject,
    members: ['+15550103311', '+15550103312'],
  },
};

/** A customer's and one of ours, of the same words. */
function stored(conversation: string, messageTimestamp: number) {
  return [false, true].map((fromMe) => ({
    key: { id: fromMe ? '3EB0A1B2C3D4E5F60718' : '3A5F', remoteJid: '15550107788@s.whatsapp.net', fromMe },
    message: { conversation },
    messageType: 'conversation',
    messageTimestamp,
  }));
}

const acks = { sent: 'SERVER_ACK', delivered: 'DELIVERY_ACK', read: 'READ' } as const;

function tell({ what, id, second }: Happening): { event: string; data: object } {
  const remoteJid = '15550107788@s.whatsapp.net';
  const upsert = (ownId: string, messageType: string, message: object) => ({
    event: 'messages.upsert',
    data: { key: { id: ownId, remoteJid, fromMe: false }, message, messageType, messageTimestamp: second },
  });
  switch (what) {
    case 'message':
      return upsert(id, 'conversation', { conversation: 'x' });
    case 'reaction':
    case 'reaction taken back':
      return upsert(JSON.stringify([what, id, second]), 'reactionMessage', {
        reactionMessage: { key: { id, remoteJid, fromMe: true }, text: what === 'reaction' ? '👍' : '' },
      });
    case 'edit':
      return {
        event: 'messages.edited',
        data: { key: { id, remoteJid }, type: 14, editedMessage: { conversation: 'y' }, timestampMs: second * 1000 },
      };
    case 'deletion':
      return { event: 'messages.delete', data: { id, remoteJid, fromMe: false } };
    default:
      return { event: 'messages.update', data: { keyId: id, remoteJid, fromMe: true, status: acks[what] } };
  }
}
