import { bodyOf, type Happening, type Sample } from '../conformance/sample';
import { fixtures } from '../testing/fixtures';
import { greenApi } from './green-api';

const crew = {
  groupId: '120363041234567890@g.us',
  owner: '15550103311@c.us',
  subject: 'Depot crew',
  creation: 1_761_200_000,
  participants: [
    { id: '15550103311@c.us', isAdmin: true, isSuperAdmin: true },
    { id: '15550103312@c.us', isAdmin: false, isSuperAdmin: false },
  ],
};
const addressBook = [
  { id: crew.groupId, name: crew.subject, contactName: '', type: 'group' },
  { id: '15550103311@c.us', name: 'Ted', contactName: '', type: 'user' },
];

/** GREEN-API, for the conformance kit. */
export const greenApiSample: Sample = {
  provider: greenApi,
  fixtures: fixtures('green-api'),
  config: (origin) => ({
    apiUrl: origin,
    mediaUrl: origin,
    idInstance: '7103000123',
    apiTokenInstance: 'd75b9f04c1a2e3d4f5061728394a5b6c7d8e9f0011223344aa',
    webhookUrlToken: 'b3f1c0d9e8-sample-token',
  }),
  prove: (_body, { webhookUrlToken = '' }) => ({ authorization: `Bearer ${webhookUrlToken}` }),
  signsBody: false,
  tell: (happening) => bodyOf(tell(happening)),
  idsPerChat: true,
  reaches: ['phone', 'lid'],
  person: {
    kind: 'direct',
    addresses: [
      { kind: 'lid', address: '88213004455667@lid' },
      { kind: 'phone', address: '+15550107788' },
    ],
  },
  group: { kind: 'group', externalId: '120363041234567890@g.us' },
  message: { externalId: '15550107788@c.us/3A5F0C2277B1D9E4A610', written: '"3A5F0C2277B1D9E4A610"' },
  taken: {
    reply: () => ({ body: { idMessage: 'BAE5F0AA11223344' } }),
    id: 'BAE5F0AA11223344',
    externalId: 'BAE5F0AA11223344',
  },
  takenFile: {
    reply: ({ url }) =>
      url.includes('/sendFileByUpload/')
        ? { body: { idMessage: 'BAE5F0AA11223344', urlFile: 'https://files.example.org/a.png' } }
        : { status: 404 },
    externalId: 'BAE5F0AA11223344',
  },
  refused: [
    ['a wrong token', { status: 401, body: 'Unauthorized' }, { reason: 'auth' }],
    ['a wrong instance', { status: 403, body: 'Forbidden' }, { reason: 'auth' }],
    ['a plan without room for one more person', quota('QUOTE_ALLOWED'), { reason: 'plan', chatOnly: true }],
    ['a plan that is used up', quota('QUOTE_EXCEEDED'), { reason: 'plan' }],
    ['an expired instance', said('Instance account is expired'), { reason: 'auth' }],
    ['a deleted instance', said('Instance is deleted'), { reason: 'auth' }],
    ['a limit', { status: 429, body: 'Too Many Requests' }, { reason: 'throttled' }],
    ['a start', said('instance in starting process try later'), { reason: 'provider', retryAfterMs: 30_000 }],
    ['no phone', said('instance account not authorized'), { reason: 'disconnected' }],
    ['no phone yet', said('instance is starting or not authorized'), { reason: 'disconnected' }],
    ['no number', said('bad phone number, valid from 11 to 16 digits'), { reason: 'recipient' }],
    ['another shape', said('Validation failed. Details: "message" is required'), { reason: 'content' }],
    ['no JSON', said('Unexpected token } in JSON at position 4'), { reason: 'content' }],
    ['another method', { status: 404, body: 'Not Found' }, { reason: 'content' }],
    ['no such group', { body: '"Error: item-not-found"' }, { reason: 'recipient' }],
    ['a group that is closed to us', { body: '"Error: forbidden"' }, { reason: 'recipient' }],
    ['a file too large', { status: 500, body: 'File from url exceeded max upload size' }, { reason: 'content' }],
  ],
  unknown: [
    ['a fault of its own', { status: 500, body: 'Internal Server Error' }],
    ['a fault that says what others say', { status: 500, body: { message: 'instance account not authorized' } }],
    ['a client that went away', { status: 499, body: '' }],
    ['a success that is none', { body: { code: 401, description: 'x' } }],
  ],
  done: { body: '' },
  past: {
    reply: ({ url }) => ({
      body: [url.includes('Incoming') ? past('incoming', '3A5F') : past('outgoing', 'BAE5F0AA11223344')],
    }),
    told: [toldOf('incomingMessageReceived', '3A5F'), toldOf('outgoingAPIMessageReceived', 'BAE5F0AA11223344')],
    second: 1_772_615_722,
  },
  lookUp: {
    reply:
      ({ words, second }) =>
      () => ({
        body: [
          { type: 'incoming', idMessage: '3A5F', timestamp: second, textMessage: words },
          { type: 'outgoing', idMessage: 'BAE5F0AA11223344', timestamp: second, textMessage: words },
        ],
      }),
    externalId: 'BAE5F0AA11223344',
  },
  groupAsked: {
    reply: ({ url }) => ({ body: url.includes('getContacts') ? addressBook : crew }),
    title: crew.subject,
    members: ['+15550103311', '+15550103312'],
  },
};

function past(type: string, idMessage: string) {
  const chatId = '15550107788@c.us';
  return { type, idMessage, timestamp: 1_772_615_722, typeMessage: 'textMessage', chatId, textMessage: 'x' };
}

function toldOf(typeWebhook: string, idMessage: string): Uint8Array {
  const instanceData = { idInstance: 7103000123, typeInstance: 'whatsapp' };
  const senderData = { chatId: '15550107788@c.us', sender: '15550107788@c.us' };
  const messageData = { typeMessage: 'textMessage', textMessageData: { textMessage: 'x' } };
  return bodyOf({ typeWebhook, instanceData, timestamp: 1_772_615_722, idMessage, senderData, messageData });
}

function said(message: string) {
  return { status: 400, body: { message } };
}

/** Both parts of the plan are told, whichever is used up. */
function quota(calls: 'QUOTE_ALLOWED' | 'QUOTE_EXCEEDED') {
  const status = calls === 'QUOTE_ALLOWED' ? 'CORRESPONDENTS_QUOTE_EXCEEDED' : 'CORRESPONDENTS_QUOTE_ALLOWED';
  const correspondentsStatus = { method: 'correspondents', used: 3, total: 3, status, description: 'x' };
  return { status: 466, body: { invokeStatus: { method: 'sendmessage', status: calls }, correspondentsStatus } };
}

function tell({ what, id, chat, second }: Happening): object {
  const chatId = chat === 'first' ? '15550107788@c.us' : '15550103311@c.us';
  const common = { instanceData: { idInstance: 7103000123, typeInstance: 'whatsapp' }, timestamp: second };
  const received = (idMessage: string, messageData: object) => ({
    typeWebhook: 'incomingMessageReceived',
    ...common,
    idMessage,
    senderData: { chatId, sender: chatId },
    messageData,
  });
  const own = JSON.stringify([what, id, second]);
  const reaction = (text: string) =>
    received(own, {
      typeMessage: 'reactionMessage',
      extendedTextMessageData: { text },
      quotedMessage: { stanzaId: id },
    });
  switch (what) {
    case 'message':
      return received(id, { typeMessage: 'textMessage', textMessageData: { textMessage: 'x' } });
    case 'reaction':
      return reaction('👍');
    case 'reaction taken back':
      return reaction('');
    case 'edit':
      return received(own, { typeMessage: 'editedMessage', editedMessageData: { textMessage: 'y', stanzaId: id } });
    case 'deletion':
      return received(own, { typeMessage: 'deletedMessage', deletedMessageData: { stanzaId: id } });
    default:
      return { typeWebhook: 'outgoingMessageStatus', ...common, chatId, idMessage: id, status: what };
  }
}
