import type { Content } from '@parley/contracts/content';
import { isPlatformPermission } from '@parley/contracts/permissions';
import { routes } from '@parley/contracts/routes';

/** What of a tenant's a call can name. */
export interface Things {
  tenantId: string;
  memberId: string;
  accountId: string;
  conversationId: string;
  chatId: string;
  /** Inbound. */
  messageId: string;
  /** Ours, that failed. */
  failedId: string;
  /** Ours, of unknown outcome. */
  unknownId: string;
  contactId: string;
  labelId: string;
  roleId: string;
  teamId: string;
  invitationId: string;
  /** Of the member's. */
  sessionId: string;
  keyId: string;
  /** Somebody to be let go. */
  leaverId: string;
  /** Of an inbound message, ready. */
  fileId: string;
  /** Of one that could not be had. */
  failedFileId: string;
  /** A member's, of which nothing came yet. */
  uploadId: string;
  /** Of the install, beside whoever asks. */
  superAdminId: string;
  superAdminInvitationId: string;
}
export type Thing = keyof Things;

/** Words that a call carries, by what they stand for. */
export type Words = (what: string) => string;

export interface RouteCase {
  input: { params?: object; query?: object; body?: object };
  /** Things that the input names. */
  names: Thing[];
  /** Another answer than the route's own is right for it, e.g. because nobody listens at the account's address. */
  mayFail?: true;
  /** What it is answered whoever calls. */
  answers?: number;
}

export type RouteName = keyof typeof routes;
type Cases = (things: Things, words: Words) => RouteCase[];

/** A picture of one pixel. */
export const dot =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const text = (words: Words): Content & { type: 'text' } => ({ type: 'text', text: words('text') });
const nothing: Cases = () => [{ input: {}, names: [] }];
const inPath =
  (thing: Thing, more: (things: Things, words: Words) => Omit<RouteCase, 'names'> = () => ({ input: {} })): Cases =>
  (things, words) => {
    const { input, ...rest } = more(things, words);
    return [{ ...rest, input: { params: { id: things[thing] }, ...input }, names: [thing] }];
  };

/** Each route of the catalogue with calls that it takes. One that is missing does not compile. */
export const routeCases: Record<RouteName, Cases> = {
  getMe: nothing,
  switchTenant: ({ tenantId }) => [{ input: { body: { tenantId } }, names: ['tenantId'] }],
  getDemo: nothing,
  listConversations: ({ memberId, accountId, teamId, labelId }, words) => [
    { input: { query: { assignee: memberId } }, names: ['memberId'] },
    { input: { query: { account: accountId } }, names: ['accountId'] },
    { input: { query: { team: teamId } }, names: ['teamId'] },
    { input: { query: { label: labelId, q: words('q').slice(0, 100) } }, names: ['labelId'] },
  ],
  countConversations: nothing,
  getConversation: inPath('conversationId'),
  startConversation: ({ accountId }, words) => [
    { input: { body: { accountId, to: words('phone'), content: text(words) } }, names: ['accountId'] },
  ],
  assignConversation: ({ conversationId: id, memberId }) => [
    { input: { params: { id }, body: { memberId } }, names: ['conversationId', 'memberId'] },
  ],
  setConversationTeam: ({ conversationId: id, teamId }) => [
    { input: { params: { id }, body: { teamId } }, names: ['conversationId', 'teamId'] },
  ],
  setConversationLabels: ({ conversationId: id, labelId }) => [
    { input: { params: { id }, body: { labelIds: [labelId] } }, names: ['conversationId', 'labelId'] },
  ],
  setConversationStatus: inPath('conversationId', () => ({ input: { body: { status: 'pending' } } })),
  markConversationRead: inPath('conversationId', () => ({ input: { body: { seen: 1 } } })),
  listMessages: ({ conversationId: id, messageId }) => [
    { input: { params: { id } }, names: ['conversationId'] },
    { input: { params: { id }, query: { around: messageId } }, names: ['conversationId', 'messageId'] },
  ],
  sendMessage: ({ conversationId, chatId, messageId, uploadId }, words) => [
    { input: { body: { conversationId, content: text(words) } }, names: ['conversationId'] },
    { input: { body: { conversationId, chatId, content: text(words) } }, names: ['conversationId', 'chatId'] },
    {
      input: { body: { conversationId, replyTo: messageId, content: text(words) } },
      names: ['conversationId', 'messageId'],
    },
    {
      input: { body: { conversationId, content: { type: 'reaction', messageId, emoji: words('emoji').slice(0, 64) } } },
      names: ['conversationId', 'messageId'],
    },
    {
      input: { body: { conversationId, content: { type: 'media', fileId: uploadId, caption: words('caption') } } },
      names: ['conversationId', 'uploadId'],
      mayFail: true, // it is not whole
    },
  ],
  sendTyping: ({ conversationId }) => [{ input: { body: { conversationId } }, names: ['conversationId'] }],
  listEdits: inPath('messageId'),
  retryMessage: inPath('failedId'),
  checkMessage: inPath('unknownId'),
  getFileLink: inPath('fileId'),
  retryFile: inPath('failedFileId'),
  createUpload: (_things, words) => [
    { input: { body: { fileName: words('file').slice(0, 255), mimeType: 'text/plain', sizeBytes: 3 } }, names: [] },
  ],
  getUpload: inPath('uploadId'),
  appendUpload: inPath('uploadId', () => ({ input: {}, mayFail: true })), // it takes no JSON
  discardUpload: inPath('uploadId'),
  changeMe: () => [{ input: { body: { language: 'ro' } }, names: [] }],
  listMySessions: nothing,
  endMySession: inPath('sessionId'),
  endMySessions: () => [], // whoever calls it can call nothing more: it has tests of its own
  setAvailability: () => [{ input: { body: { availability: 'away' } }, names: [] }],
  listTeam: nothing,
  changeMember: inPath('leaverId', () => ({ input: { body: { role: 'manager' } } })),
  deactivateMember: inPath('leaverId', () => ({ input: { body: { reassignTo: null } } })),
  reactivateMember: inPath('leaverId'),
  previewSight: inPath('memberId'),
  listMemberSessions: inPath('memberId'),
  endMemberSessions: inPath('leaverId'),
  listInvitations: nothing,
  createInvitation: ({ roleId }) => [
    { input: { body: { email: 'new@example.com', role: roleId } }, names: ['roleId'] },
  ],
  resendInvitation: inPath('invitationId'),
  revokeInvitation: inPath('invitationId'),
  openInvitation: () => [], // by a token, not by an id
  acceptInvitation: () => [],
  setVisibility: () => [{ input: { body: { agentsSee: 'unassigned' } }, names: [] }],
  getAssignmentRules: nothing,
  setAssignmentRules: () => [{ input: { body: { autoAssign: 'off' } }, names: [] }],
  getTenantSettings: nothing,
  setTenantSettings: () => [
    { input: { body: { timeZone: 'Europe/Lisbon' } }, names: [] },
    { input: { body: { logo: dot } }, names: [] },
  ],
  getRetention: nothing,
  setRetention: () => [{ input: { body: { eventDays: 7 } }, names: [] }],
  setSecurity: () => [{ input: { body: { requireTwoFactor: false } }, names: [] }],
  getCompanySignIn: nothing,
  setCompanySignIn: ({ roleId }, words) => [
    {
      input: {
        body: {
          issuer: 'https://login.example.com',
          clientId: words('client').slice(0, 100),
          clientSecret: words('secret').slice(0, 100),
          domains: ['example.com'],
          newRole: roleId,
          isSecondProof: false,
          only: false,
        },
      },
      names: ['roleId'],
    },
  ],
  checkCompanySignIn: () => [{ input: { body: { issuer: 'http://127.0.0.1:9' } }, names: [] }],
  removeCompanySignIn: nothing,
  listApiKeys: nothing,
  createApiKey: ({ accountId }, words) => [
    {
      input: { body: { name: words('program').slice(0, 40), permissions: ['inbox.read'], accountIds: [accountId] } },
      names: ['accountId'],
    },
  ],
  rotateApiKey: inPath('keyId', () => ({ input: { body: {} } })),
  revokeApiKey: inPath('keyId'),
  listRoles: nothing,
  createRole: (_things, words) => [
    { input: { body: { name: words('role').slice(0, 40), permissions: ['inbox.read'], seesAll: false } }, names: [] },
  ],
  updateRole: inPath('roleId', (_things, words) => ({ input: { body: { name: words('duty').slice(0, 40) } } })),
  deleteRole: inPath('roleId', () => ({ input: {}, mayFail: true })),
  listEvents: () => [{ input: { query: { after: 0 } }, names: [] }],
  listMembers: nothing,
  listTeams: nothing,
  createTeam: ({ memberId }, words) => [
    { input: { body: { name: words('team').slice(0, 40), memberIds: [memberId] } }, names: ['memberId'] },
  ],
  updateTeam: ({ teamId: id, leaverId }, words) => [
    { input: { params: { id }, body: { name: words('group').slice(0, 40) } }, names: ['teamId'] },
    { input: { params: { id }, body: { memberIds: [leaverId] } }, names: ['teamId', 'leaverId'] },
  ],
  deleteTeam: inPath('teamId'),
  listLabels: nothing,
  updateLabel: inPath('labelId', () => ({ input: { body: { hue: 60 } } })),
  createLabel: (_things, words) => [{ input: { body: { name: words('label').slice(0, 40), hue: 25 } }, names: [] }],
  updateContact: inPath('contactId', (_things, words) => ({ input: { body: { name: words('name') } } })),
  listAccounts: nothing,
  listProviders: nothing,
  getAccount: inPath('accountId'),
  createAccount: (_things, words) => [
    {
      input: {
        body: {
          provider: 'evolution',
          name: words('account').slice(0, 80),
          config: { baseUrl: 'http://127.0.0.1:9', instance: words('instance'), apiKey: words('apiKey') },
        },
      },
      names: [],
      mayFail: true,
    },
  ],
  updateAccount: inPath('accountId', (_things, words) => ({
    input: { body: { name: words('renamed').slice(0, 80) } },
  })),
  listAccountDays: nothing,
  pairAccount: inPath('accountId', () => ({ input: { body: { phone: '+15550102000' } }, mayFail: true })),
  getAccountGroups: inPath('accountId', () => ({ input: {}, mayFail: true })),
  setAccountGroups: inPath('accountId', (_things, words) => ({
    input: { body: { ignored: true, allowed: [words('group').slice(0, 200)] } },
    mayFail: true,
  })),
  getAccountImpact: inPath('accountId'),
  deleteAccount: inPath('accountId'),
  listTemplates: inPath('accountId', () => ({ input: {}, mayFail: true })),
  listAudit: ({ memberId, accountId }) => [
    { input: { query: { actor: memberId } }, names: ['memberId'] },
    { input: { query: { target: accountId } }, names: ['accountId'] },
  ],
  exportAudit: nothing,
  exportData: nothing,
  createFirstSuperAdmin: (_things, words) => [
    {
      input: {
        body: {
          token: words('token').slice(0, 100),
          name: words('name').slice(0, 80),
          email: 'nobody@parley.test',
          password: words('password').slice(0, 128),
        },
      },
      names: [],
      answers: 404, // a token that is none
    },
  ],
  listSuperAdmins: nothing,
  listSuperAdminInvitations: nothing,
  inviteSuperAdmin: () => [{ input: { body: { email: 'operator@example.com', via: 'link' } }, names: [] }],
  revokeSuperAdminInvitation: inPath('superAdminInvitationId'),
  removeSuperAdmin: inPath('superAdminId'),
  eraseContact: inPath('contactId'),
  listTenants: (_things, words) => [{ input: { query: { q: words('q').slice(0, 80) } }, names: [] }],
  getTenant: inPath('tenantId'),
  createTenant: (_things, words) => [
    { input: { body: { name: words('tenant').slice(0, 80), slug: 'a-test' } }, names: [], mayFail: true },
  ],
  inviteTenantAdmin: inPath('tenantId', () => ({ input: { body: { email: 'first@example.com' } } })),
  updateTenant: inPath('tenantId', (_things, words) => ({ input: { body: { name: words('tenant').slice(0, 80) } } })),
  suspendTenant: inPath('tenantId'),
  restoreTenant: inPath('tenantId'),
  deleteTenant: inPath('tenantId'),
  listInstallAccounts: ({ tenantId }) => [{ input: { query: { tenant: tenantId } }, names: [] }],
  listDeadLetters: ({ tenantId }) => [{ input: { query: { tenant: tenantId } }, names: [] }],
  replayDeadLetters: ({ tenantId }) => [{ input: { body: { tenant: tenantId } }, names: [] }],
  listTenantMembers: inPath('tenantId'),
  beginImpersonation: ({ tenantId, memberId }, words) => [
    { input: { body: { tenantId, memberId, reason: words('reason').slice(0, 200) } }, names: ['tenantId', 'memberId'] },
  ],
  endImpersonation: () => [{ input: {}, names: [], mayFail: true }],
  listInstallAudit: ({ tenantId }) => [{ input: { query: { target: tenantId } }, names: [] }],
};

const last: RouteName[] = [
  ...(['eraseContact', 'deleteAccount', 'deleteRole', 'deleteTeam', 'revokeInvitation', 'revokeApiKey'] as const),
  ...(['removeCompanySignIn', 'deleteTenant', 'endImpersonation'] as const),
];

/** Those that take something away come last, and after them who goes. */
export const routeNames = (Object.keys(routes) as RouteName[]).sort((a, b) => last.indexOf(a) - last.indexOf(b));

/** Those of members: who runs the install has others. */
export const memberRoutes = routeNames.filter((name) => !isPlatformPermission(routes[name].access));
