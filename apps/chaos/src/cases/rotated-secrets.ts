import { randomUUID } from 'node:crypto';
import { updateAccount } from '@parley/contracts/accounts';
import type { Fleet } from '@parley/testing/rig/fleet';
import type { LiveAccount } from '@parley/testing/system/system';
import type { ChaosCase } from '../case';
import { accountsOf } from './accounts';
import { attemptsOf } from './attempts';

/** An admin gives every account a new secret while its webhooks arrive; the provider learns of it later. */
export function secretsRotated(): ChaosCase {
  let rotated: { account: LiveAccount; secret: string }[] = [];
  return {
    name: 'F40',
    title: 'secrets that change while webhooks arrive',
    async inject({ fleet }) {
      rotated = [];
      for (const account of accountsOf(fleet).filter((one) => typeof one.config.webhookSecret === 'string')) {
        const secret = randomUUID();
        await rotate(fleet, account, secret);
        rotated.push({ account, secret });
      }
    },
    async clear({ fleet }) {
      for (const { account, secret } of rotated) {
        const webhook = { url: fleet.entry + account.webhookPath, headers: { 'X-Parley-Secret': secret }, secret };
        await fleet.simulator.setWebhook(account.provider, account.ref, webhook);
        account.config.webhookSecret = secret;
      }
    },
    async figures({ fleet, marks: { injectedAt } }) {
      const attempts = attemptsOf(fleet, injectedAt);
      return [
        { what: 'secrets changed', value: rotated.length, gate: { atLeast: 5 } },
        {
          what: 'webhooks refused with 401',
          value: attempts.filter(({ status }) => status === 401).length,
          gate: { equal: 0 },
        },
      ];
    },
  };
}

async function rotate({ app, tenants }: Fleet, account: LiveAccount, webhookSecret: string): Promise<void> {
  const owner = tenants.find(({ tenant }) => tenant.id === account.tenantId)?.owner;
  if (!owner) throw new Error('an account of nobody');
  const change = { params: { id: account.id }, body: { config: { webhookSecret } } };
  const { status, body } = await app.as(owner).call(updateAccount, change);
  if (status !== 200) throw new Error(`the secret of ${account.ref} did not change: ${JSON.stringify(body)}`);
}
