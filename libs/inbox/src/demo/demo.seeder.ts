import type { AnyProvider } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import { providers, type AccountSettings, type ProviderName } from '@parley/contracts/accounts';
import type { Pool } from '@parley/db/pools';
import { AuditChain } from '@parley/platform/audit-chain';
import { ENV, type Env } from '@parley/platform/env';
import { PLATFORM_POOL, WORKER_POOL } from '@parley/platform/platform.module';
import { TenantDb, type TenantContext } from '@parley/platform/tenant-db';
import { run } from '@parley/platform/statements';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { secretFields } from '../accounts/account-secrets';
import { AccountsService } from '../accounts/accounts.service';
import { LabelsService } from '../labels/labels.service';
import { DEMO_PASSWORD, demoPeople, demoSuperAdmin, demoTenants, type DemoTenant } from '../people/demo-people';
import { createMember, createTenant, createUser } from '../people/people.seed';
import { acme } from './acme-script';
import { demoLabels } from './demo-labels';
import type { Login, Script } from './demo-script';
import { seededAt, writeThread } from './demo-threads';
import { globex } from './globex-script';
import { pastOf } from './past-messages';
import { SimulatorControl, type SimulatedAccount } from './simulator-control';
import { idsOf, type Place } from './thread-rows';

const scripts: Record<DemoTenant['slug'], Script[]> = { acme, globex };
const accountNames: Record<ProviderName, string> = {
  evolution: 'Shop phone',
  'cloud-api': 'Main number',
  'green-api': 'Service phone',
  slack: 'Partners',
};

type Config = Record<string, unknown>;

/** A tenant of the demo, once it is there. */
interface Seeded {
  slug: DemoTenant['slug'];
  ctx: TenantContext;
  members: Place['members'];
  labels: Map<string, string>;
}

/** Fills the demo: people, tenants, labels, and, with the simulator, accounts and conversations. Safe to repeat. */
@Injectable()
export class DemoSeeder {
  private readonly log = new Logger('seed');

  constructor(
    private readonly accounts: AccountsService,
    private readonly labels: LabelsService,
    private readonly db: TenantDb,
    private readonly chain: AuditChain,
    @Inject(PLATFORM_POOL) private readonly platform: Pool,
    @Inject(WORKER_POOL) private readonly worker: Pool,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async seed(): Promise<void> {
    await createUser(this.platform, { ...demoSuperAdmin, password: DEMO_PASSWORD, superAdmin: true });
    for (const tenant of demoTenants) {
      const seeded = await this.seedTenant(tenant);
      if (this.env.SIMULATOR_URL) await this.seedConversations(seeded, new SimulatorControl(this.env.SIMULATOR_URL));
    }
  }

  private async seedTenant(tenant: DemoTenant): Promise<Seeded> {
    const tenantId = await createTenant({ platform: this.platform, chain: this.chain }, tenant);
    const ctx = { tenantId, correlationId: null };
    const members: Partial<Place['members']> = {};
    for (const { email, name, role } of demoPeople.filter((person) => person.tenant.slug === tenant.slug)) {
      const userId = await createUser(this.platform, { email, name, password: DEMO_PASSWORD });
      const id = await createMember(this.platform, { tenantId, userId, name, role });
      members[email.split('@')[0] as Login] = { id, name }; // the logins that the scripts name
    }
    return { slug: tenant.slug, ctx, members: members as Place['members'], labels: await this.seedLabels(ctx, tenant) };
  }

  private async seedLabels(ctx: TenantContext, { slug }: DemoTenant): Promise<Map<string, string>> {
    const known = async () =>
      new Map((await this.labels.list(ctx, { limit: 100 })).items.map((label) => [label.name, label.id]));
    const before = await known();
    for (const label of demoLabels[slug]) if (!before.has(label.name)) await this.labels.create(ctx, label);
    return known();
  }

  private async seedConversations(tenant: Seeded, simulator: SimulatorControl): Promise<void> {
    for (const provider of providers) {
      const simulated = (await simulator.accounts(provider)).find((one) => one.ref === `${tenant.slug}-${provider}`);
      if (!simulated) continue;
      const account = await this.seedAccount(tenant, provider, simulated, simulator);
      const chats = await simulator.chats(provider, simulated.ref);
      let written = 0;
      for (const script of scripts[tenant.slug].filter((one) => one.provider === provider)) {
        if (await this.seedThread(tenant, account, script, { simulator, ref: simulated.ref, chats })) written++;
      }
      this.log.log({ tenant: tenant.slug, provider, written }, 'conversations of the demo');
    }
  }

  /** Connects it as an admin would, once; afterwards it follows the simulator's address and key. */
  private async seedAccount(
    { ctx }: Seeded,
    provider: ProviderName,
    simulated: SimulatedAccount,
    simulator: SimulatorControl,
  ): Promise<Place['account']> {
    const { config, ref } = simulated;
    const settings = await this.connect(ctx, provider, config);
    const { url, headers } = settings.webhook;
    await simulator.setWebhook(provider, ref, { url, headers });
    return { id: settings.id, name: settings.name };
  }

  private async connect(ctx: TenantContext, name: ProviderName, config: Config): Promise<AccountSettings> {
    const provider = providerOf(name);
    if (provider.install) {
      const granted = provider.config.parse(config) as Config; // every provider's config is an object
      return this.accounts.adopt(ctx, provider, { name: accountNames[name], config: granted });
    }
    const routing = (value: unknown) => provider.routing(provider.config.parse(value)).routingKey;
    const known = await this.findAccount(ctx, provider, (open) => routing(open) === routing(config));
    return known
      ? this.accounts.update(ctx, known, { config })
      : this.accounts.create(ctx, { provider: name, name: accountNames[name], config });
  }

  private async findAccount(
    ctx: TenantContext,
    provider: AnyProvider,
    isWanted: (config: Config) => boolean,
  ): Promise<string | undefined> {
    // Secrets are left out of what is shown; the key of a route never hangs on them.
    const secrets = Object.fromEntries(secretFields(provider).map((name) => [name, '0'.repeat(32)]));
    const { items } = await this.accounts.list(ctx, { limit: 100 });
    for (const { id } of items.filter((one) => one.provider === provider.name && one.state !== 'deleted')) {
      const { config } = await this.accounts.get(ctx, id);
      if (isWanted({ ...secrets, ...config })) return id;
    }
    return undefined;
  }

  private async seedThread(
    tenant: Seeded,
    account: Place['account'],
    script: Script,
    { simulator, ref, chats }: { simulator: SimulatorControl; ref: string; chats: Map<string, string> },
  ): Promise<boolean> {
    const { tenantId } = tenant.ctx;
    const before = await seededAt(this.worker, tenantId, account.id, script);
    const nowMs = before ?? Date.now();
    const name = script.phone ?? script.name ?? '';
    if (!chats.has(name)) await simulator.record(script.provider, ref, pastOf(script, account.id, nowMs));
    if (before !== undefined) return false;
    const address = script.phone ?? (await simulator.chats(script.provider, ref)).get(name);
    if (!address) throw new Error(`the simulator does not know the group ${name}`);
    const { members } = tenant;
    const written = await writeThread(this.worker, script, { tenantId, account, address, members, nowMs });
    if (written) await this.markThread(tenant, script, account.id);
    return written;
  }

  /** Labels, and who has seen it: who has an assignee has it open, what is resolved was read by all. */
  private async markThread({ ctx, members, labels }: Seeded, script: Script, accountId: string): Promise<void> {
    const id = idsOf(script, accountId).conversation;
    const labelIds = (script.labels ?? []).flatMap((name) => labels.get(name) ?? []);
    const readers =
      script.seen || script.status === 'resolved' ? Object.values(members).map((member) => member.id) : [];
    await this.db.transaction(ctx, async (tx) => {
      for (const labelId of labelIds) {
        await run(
          tx.raw,
          'insert into conversation_labels (tenant_id, conversation_id, label_id) values ($1, $2, $3) on conflict do nothing',
          [ctx.tenantId, id, labelId],
        );
      }
      for (const memberId of readers) {
        await run(
          tx.raw,
          `insert into reads (tenant_id, member_id, conversation_id, seen)
           select $1, $2, id, received from conversations where tenant_id = $1 and id = $3 on conflict do nothing`,
          [ctx.tenantId, memberId, id],
        );
      }
    });
  }
}
