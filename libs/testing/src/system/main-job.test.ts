import type { ProviderName } from '@parley/contracts/accounts';
import { listMessages, sendMessage } from '@parley/contracts/messages';
import { listConversations } from '@parley/contracts/conversations';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestMember, TestTenant } from '../tenant';
import { waitFor } from '../wait-for';
import { startSystem, type System } from './system';

let system: System;
let tenant: TestTenant;
let agent: TestMember;

beforeAll(async () => {
  system = await startSystem();
  ({ tenant } = await system.app.newTenant());
  agent = await tenant.newMember('agent');
});
afterAll(() => system?.close());

describe.each<ProviderName>(['evolution', 'cloud-api', 'green-api', 'slack'])('%s', (provider) => {
  it('brings a customer’s message to the agent, and the answer with its ticks back', async () => {
    const account = await system.connect(tenant, provider, { statusDelaysMs: { sent: 20, delivered: 40, read: 80 } });
    const from = {
      evolution: '+12025550101',
      'cloud-api': '+12025550102',
      'green-api': '+12025550103',
      slack: '+12025550104',
    }[provider];
    await system.simulator.receive(provider, account.ref, { from, name: 'Rita', kind: 'text', text: 'Open today?' });
    const as = system.app.as(agent);
    const conversation = await waitFor('the conversation', async () => {
      const { body } = await as.call(listConversations, { query: { account: account.id } });
      return body.items.find(({ title }) => title === 'Rita'); // a name that Slack has to be asked for comes after the message
    });
    expect(conversation).toMatchObject({ received: 1, lastMessage: { preview: 'Open today?' } });

    const sent = await as.call(sendMessage, {
      body: { conversationId: conversation.id, content: { type: 'text', text: 'Until six.' } },
    });
    expect(sent).toMatchObject({ status: 202, body: { status: 'queued' } });
    const furthest = provider === 'slack' ? 'sent' : 'read'; // Slack has no receipts
    await waitFor('the last tick', async () => {
      const { body } = await as.call(listMessages, { params: { id: conversation.id } });
      const message = body.items.find((m) => m.id === sent.body.messageId);
      return message?.delivery?.status === furthest;
    });
    expect(await system.simulator.sent(provider, account.ref)).toMatchObject([
      { to: from, kind: 'text', text: 'Until six.' },
    ]);
  });
});
