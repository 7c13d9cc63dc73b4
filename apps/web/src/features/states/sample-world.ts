import type { Account, Capabilities, Template } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import type { Label } from '@parley/contracts/labels';
import type { Me } from '@parley/contracts/me';
import { rolePermissions } from '@parley/contracts/permissions';
import type { QueryClient } from '@tanstack/react-query';
import { conversationQueries } from '@/features/conversations/queries';
import { accountsQuery } from '@/features/accounts/queries';
import { templatesQuery } from '@/features/composer/template-queries';
import { labelsQuery } from '@/features/labels/queries';
import { membersQuery } from '@/features/members/queries';
import { fileLinkQuery } from '@/features/messages/use-file-link';
import { teamsQuery } from '@/features/teams/queries';

const HOUR = 3_600_000;

/** An id of the sheet alone: no server knows it. */
export function sampleId(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** Files that are pictures: plain grounds, by their hue. */
export const samplePictures = [70, 150, 240, 25].map((hue) => ({ id: sampleId(700 + hue), hue }));

export const ana = { id: sampleId(1), name: 'Ana Reis' };
const rui = { id: sampleId(2), name: 'Rui Costa' };
const tenant = {
  id: sampleId(3),
  name: 'Acme',
  slug: 'acme',
  hue: null,
  logo: null,
  timeZone: 'Europe/Lisbon',
  language: 'en' as const,
  hours: null,
  agentsSee: 'unassigned' as const,
  requireTwoFactor: false,
};

export const me: Me = {
  user: {
    id: sampleId(4),
    name: ana.name,
    email: 'agent@acme.test',
    superAdmin: false,
    twoFactor: false,
    language: null,
  },
  memberships: [
    {
      tenantId: tenant.id,
      memberId: ana.id,
      name: tenant.name,
      slug: tenant.slug,
      role: 'agent',
      needsTwoFactor: false,
      needsCompany: false,
    },
  ],
  tenant,
  memberId: ana.id,
  role: 'agent',
  permissions: [...rolePermissions.agent],
  impersonation: null,
  byCompany: false,
};

const capabilities: Capabilities = {
  maxTextLength: 120,
  quote: true,
  react: true,
  edit: false,
  delete: false,
  typing: false,
  seesTyping: true,
  receipts: 'read',
  windowHours: 24,
  templates: true,
  lookUp: true,
  writeFirst: true,
  files: [
    { kind: 'image', types: ['image/*'], maxBytes: 16 * 2 ** 20, maxCaption: 1_024 },
    { kind: 'document', types: ['application/pdf'], maxBytes: 16 * 2 ** 20, maxCaption: 1_024 },
  ],
};

function account(number: number, change: Partial<Account>): Account {
  return {
    id: sampleId(number),
    name: 'Acme Sales',
    provider: 'evolution',
    channel: 'whatsapp',
    state: 'connected',
    stateDetail: null,
    doubt: null,
    paused: false,
    address: '+351 555 0100',
    unreadable: 0,
    capabilities,
    ...change,
  };
}

export const sales = account(10, {});
const anHourAgo = new Date(Date.now() - HOUR).toISOString();
/** One account for each thing that can be the matter. */
export const troubled: Account[] = [
  account(11, { name: 'Pickup', state: 'needs_reauth' }),
  account(12, { name: 'Warehouse', state: 'needs_qr' }),
  account(13, { name: 'Old shop', state: 'restricted' }),
  account(14, { name: 'Returns', state: 'disconnected' }),
  account(15, { name: 'New shop', state: 'connecting' }),
  account(16, { name: 'Night desk', paused: true }),
  account(17, { name: 'Depot', doubt: { kind: 'unconfirmed', since: anHourAgo } }),
  account(18, { name: 'Front desk', doubt: { kind: 'silent', since: anHourAgo } }),
];

const urgent: Label = { id: sampleId(20), name: 'Urgent', hue: 25 };

const templates: Template[] = [
  {
    name: 'order_ready',
    language: 'en',
    category: 'UTILITY',
    header: null,
    body: 'Hi {{1}}, your order {{2}} is ready to collect. We are open until *six*.',
    footer: 'Acme Coffee',
    buttons: [{ type: 'QUICK_REPLY', text: 'On my way' }],
    parameters: [
      { place: 'body', name: '1', example: 'Marta' },
      { place: 'body', name: '2', example: '4521' },
    ],
    obstacle: null,
  },
  {
    name: 'shipping_delay',
    language: 'en',
    category: 'UTILITY',
    header: null,
    body: 'Your parcel comes a day later than we said. We are sorry.',
    footer: null,
    buttons: [],
    parameters: [],
    obstacle: null,
  },
  {
    name: 'catalogue',
    language: 'en',
    category: 'MARKETING',
    header: null,
    body: 'Our new catalogue is here.',
    footer: null,
    buttons: [],
    parameters: [],
    obstacle: 'Its heading is a picture, which cannot be sent from here yet.',
  },
];

let made = 100;

/** A conversation with nothing special about it. */
export function sampleConversation(
  change: Partial<Conversation> = {},
  preview = 'Am primit coletul, mulțumesc',
): Conversation {
  const id = sampleId((made += 1));
  const at = new Date(Date.now() - HOUR / 2).toISOString();
  return {
    id,
    kind: 'direct',
    accountId: sales.id,
    chatId: id,
    title: 'Ionuț Radu',
    contactId: sampleId(30),
    status: 'open',
    assigneeId: ana.id,
    teamId: null,
    labelIds: [],
    lastMessage: { id, direction: 'inbound', type: 'text', preview, senderName: 'Ionuț Radu', deliveryStatus: null },
    lastMessageAt: at,
    waitingSince: null,
    window: null,
    received: 3,
    answered: 3,
    createdAt: at,
    me: { seen: 3, can: ['reply', 'label', 'status', 'assign', 'read', 'rename'] },
    ...change,
  };
}

/** Hours from now; below zero: ago. */
export function hoursFromNow(hours: number): string {
  return new Date(Date.now() + hours * HOUR).toISOString();
}

export const labelled = { labelIds: [urgent.id], assigneeId: rui.id };

/** Conversations of the composers, so that what is typed in one is not in another. */
export const talks = {
  quoting: sampleConversation({ title: 'Sofia Lindqvist' }),
  empty: sampleConversation({ title: 'Marta Oliveira' }),
  files: sampleConversation({ title: 'Leo Dahl' }),
  closed: sampleConversation({ title: 'Hassan Demir', window: { closesAt: hoursFromNow(-2) } }),
  waiting: sampleConversation({
    title: 'Priya Nair',
    window: { closesAt: hoursFromNow(-2) },
    lastMessage: {
      id: sampleId(40),
      direction: 'outbound',
      type: 'template',
      preview: '',
      senderName: ana.name,
      deliveryStatus: 'sent',
    },
  }),
};

function ground(hue: number) {
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z" fill="hsl(${hue} 25% 70%)"/></svg>`;
  return { url: `data:image/svg+xml,${encodeURIComponent(drawn)}`, expiresAt: hoursFromNow(1), inline: true };
}

/** Puts into a cache what the parts would otherwise ask the server for. */
export function fillCache(client: QueryClient): void {
  const read = { seq: 0, fresh: null };
  client.setQueryData(accountsQuery.queryKey, { ...read, kind: 'accounts', items: [sales, ...troubled] });
  const member = { role: 'agent', active: true, availability: 'online', teamIds: [] as string[] } as const;
  client.setQueryData(membersQuery.queryKey, {
    ...read,
    kind: 'members',
    items: [
      { ...ana, ...member },
      { ...rui, ...member },
    ],
  });
  client.setQueryData(teamsQuery.queryKey, { ...read, kind: 'teams', items: [] });
  client.setQueryData(labelsQuery.queryKey, { ...read, kind: 'labels', items: [urgent] });
  client.setQueryData(templatesQuery(sales.id).queryKey, templates);
  for (const { id, hue } of samplePictures) client.setQueryData(fileLinkQuery(id).queryKey, ground(hue));
  for (const talk of Object.values(talks)) {
    const contact = { id: sampleId(30), name: talk.title, identities: [], me: { can: ['rename' as const] } };
    client.setQueryData(conversationQueries.details(talk.id).queryKey, {
      ...read,
      id: talk.id,
      details: { ...talk, contact, participants: [] },
    });
  }
}
