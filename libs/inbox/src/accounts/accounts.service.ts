import { randomBytes } from 'node:crypto';
import type { AnyProvider } from '@parley/channels/provider';
import { ConnectError } from '@parley/channels/provider';
import { providerOf, registry } from '@parley/channels/registry';
import type {
  Account,
  AccountCheck,
  AccountSettings,
  createAccount,
  Template,
  updateAccount,
} from '@parley/contracts/accounts';
import type { Action } from '@parley/contracts/can';
import type { Permission } from '@parley/contracts/permissions';
import type { InputOf } from '@parley/contracts/route';
import { uuid7 } from '@parley/db/uuid';
import { AppError, notFound } from '@parley/platform/app-error';
import { isChanged } from '@parley/platform/audit-chain';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { publicOrigin } from '@parley/platform/origins';
import { HTTP } from '@parley/platform/platform.module';
import { TenantDb, type TenantContext, type TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { CursorName, cutPage, decodeCursor } from '../cursor';
import { canAccount } from '../people/can';
import { listAgents, raiseRights } from '../people/rights';
import { withDeadline } from '../sending/call';
import { appRoutingKey, PLATFORM_APP } from '../intake/ingress';
import { DeliveriesService } from '../sending/deliveries.service';
import { assertQuota } from '../tenants/limits';
import { assertProvidersOwn, auditedConfig, changeForm, invalidConfig, parseForm } from './account-config';
import { probe, subscribe, type Probe } from './account-probe';
import { formSchema, openConfig } from './account-secrets';
import { installAppOf } from './install-app';
import { doorOf, toSettings } from './account-settings';
import { AccountStore } from './account-store';
import { loadAccounts, toAccount } from './account.view';
import {
  dropUnusedApps,
  findByRoutingKey,
  insertAccount,
  listAccounts,
  markDeleted,
  setTrouble,
  updateConfig,
  updateSettings,
  type Settings,
  type Taken,
  type WholeAccount,
} from './accounts.queries';
import { announce, type Asker, assertAlive, assertMayShow, getAccount } from './living-account';
import { TemplateCache } from './template-cache';

type New = InputOf<typeof createAccount>['body'];
type Change = InputOf<typeof updateAccount>['body'];
type Config = Record<string, unknown>;
type ListedAccount = Account & { me: { can: Action<'account'>[] } };
const Place = z.tuple([CursorName, z.uuid()]);

/** A config that takes the place of an account's, and how the connection stands with it. */
interface Reconfiguration {
  config: Config;
  found: Probe;
  /** The credentials that it is made of: they must still be there. Left out: it is made of none. */
  madeOf?: string;
}

/** A tenant's connections to providers. Nothing here calls a provider inside a transaction. */
@Injectable()
export class AccountsService {
  private readonly origin: string;
  private readonly log = new Logger('accounts');

  constructor(
    private readonly db: TenantDb,
    private readonly store: AccountStore,
    private readonly cache: TemplateCache,
    private readonly box: CredentialBox,
    private readonly bells: Bells,
    private readonly deliveries: DeliveriesService,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {
    this.origin = publicOrigin(env);
  }

  /** By name. Deleted ones too: their conversations still name them. */
  list(
    ctx: Asker & { permissions?: ReadonlySet<Permission> },
    { cursor, limit }: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: ListedAccount[]; nextCursor: string | null }> {
    const { permissions = new Set() } = ctx;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, Place);
    return this.db.read(ctx, async (tx) => {
      const within = ctx.sight?.within ? [...ctx.sight.within] : null;
      const found = await listAccounts(tx, { after, limit: limit + 1, within });
      const { rows, nextCursor } = cutPage(found, limit, (last) => [last.name_key, last.id]);
      const items = rows.map(toAccount).map((one) => ({ ...one, me: { can: canAccount({ permissions }, one) } }));
      return { items, nextCursor };
    });
  }

  /** What can be connected, and what must be asked for it. */
  providers() {
    return Object.values(registry).map((provider) => ({
      provider: provider.name,
      channel: provider.channel,
      name: provider.title,
      config: formSchema(provider) as Config, // a JSON document
      install: installAppOf(provider, this.env) && `/${provider.ingress.path}/install`,
      webhook: provider.subscribe ? ('set' as const) : ('copy' as const),
      linksPhone: provider.codeLivesMs !== undefined,
      pairsByCode: provider.pairingCode !== undefined,
      tellsGroups: provider.groups !== undefined,
    }));
  }

  /** Throws `not_found`. */
  get(ctx: Asker, id: string): Promise<AccountSettings> {
    return this.db.read(ctx, async (tx) => {
      const row = await getAccount(tx, id);
      const [account] = await loadAccounts(tx.raw, [{ tenantId: tx.tenantId, id }]);
      if (!account) throw notFound('account');
      return toSettings(account, row, { box: this.box, origin: this.origin, nowMs: this.clock.now() });
    });
  }

  /**
   * Connects an account: checks it, keeps it, tells the provider where to post. A provider that is away or refuses does not
   * lose what was typed: the account is there, with its state and what to do. Throws `invalid`, `conflict`, `quota_exceeded`.
   */
  async create(ctx: TenantContext, { provider: name, config: given, ...rest }: New): Promise<AccountSettings> {
    const provider = providerOf(name);
    const config = parseForm(provider, given);
    this.assertMayEnter(provider, config);
    return this.connect(ctx, provider, { ...rest, config, found: await this.look(provider, config) });
  }

  /** Any `config`, an empty one too, checks the connection again. Throws `not_found`, `invalid`, `conflict`, `account_unavailable`. */
  async update(ctx: Asker, id: string, change: Change): Promise<AccountSettings> {
    const before = await this.db.read(ctx, (tx) => getAccount(tx, id));
    assertAlive(before);
    if (!change.config) return this.save(ctx, before, change);
    const provider = providerOf(before.provider);
    const config = changeForm(provider, openConfig(this.box, before) as Config, change.config);
    this.assertMayEnter(provider, config, before);
    const found = await this.look(provider, config);
    return this.save(ctx, before, change, { config, found, madeOf: before.credentials });
  }

  /** For good: its number is free again, its secrets are gone, its conversations stay readable. Throws `not_found`. */
  async delete(ctx: Asker, id: string): Promise<void> {
    const before = await this.db.read(ctx, (tx) => getAccount(tx, id));
    await this.db.transaction(ctx, async (tx) => {
      const row = await getAccount(tx, id, { lock: true });
      if (row.state === 'deleted') return;
      await markDeleted(tx, id, this.store.emptied(tx.tenantId, id));
      await dropUnusedApps(tx);
      tx.audit({
        action: 'account.deleted',
        target: { kind: 'account', id },
        before: { name: row.name, provider: row.provider },
      });
      await announce(tx, id);
    });
    this.bells.ringAccounts([id]); // what waits there is given up
    if (before.state !== 'deleted') void this.giveBack(before); // nobody waits for the provider
  }

  /**
   * What came of somebody's consent at the provider: a new account, or new access for the one that this is already. Throws
   * `conflict` where another tenant has it.
   */
  async adopt(
    ctx: Asker,
    provider: AnyProvider,
    { config, name }: { config: Config; name: string },
  ): Promise<AccountSettings> {
    this.assertPlatformsOwn(provider, config);
    const found = { ...(await this.look(provider, config)), proven: true }; // its app was let in there
    const key = platformKey(provider, config);
    const known = await this.db.read(ctx, (tx) => findByRoutingKey(tx, key));
    if (known) return this.save(ctx, known, {}, { config, found }); // nothing of the former outlives the new
    try {
      return await this.connect(ctx, provider, { name, config, found });
    } catch (error) {
      const isNameTaken = error instanceof AppError && error.code === 'conflict' && error.extra.errors !== undefined;
      if (!isNameTaken) throw error;
      return this.connect(ctx, provider, { name: `${name} ${randomBytes(2).toString('hex')}`, config, found });
    }
  }

  private look(provider: AnyProvider, config: Config): Promise<Probe> {
    return probe(provider, config, this.http, this.clock.now());
  }

  private async connect(
    ctx: TenantContext,
    provider: AnyProvider,
    { name, config, found }: { name: string; config: Config; found: Probe },
  ): Promise<AccountSettings> {
    const id = uuid7();
    await this.db.transaction(ctx, async (tx) => {
      await assertQuota(tx, 'accounts');
      const stored = await this.store.prepare(tx, provider, config, { id, proven: found.proven });
      const account = { id, name, provider: provider.name, channel: provider.channel };
      refuse(await insertAccount(tx, account, stored, found.standing));
      tx.audit({
        action: 'account.created',
        target: { kind: 'account', id },
        after: { name, provider: provider.name, ...auditedConfig(provider, config) },
      });
      await announce(tx, id);
      await raiseRights(tx, await listAgents(tx), 1); // agents may see its unassigned conversations
    });
    const told = found.proven ? await this.subscribe(ctx, id, provider, config) : [];
    return { ...(await this.get(ctx, id)), checks: [...found.checks, ...told] };
  }

  private async save(
    ctx: Asker,
    before: WholeAccount,
    change: Change,
    next?: Reconfiguration,
  ): Promise<AccountSettings> {
    const { id } = before;
    const provider = providerOf(before.provider);
    const known = openConfig(this.box, before) as Config;
    const found = next?.found;
    await this.db.transaction(ctx, async (tx) => {
      const row = await getAccount(tx, id, { lock: true });
      assertAlive(row);
      if (next) await this.reconfigure(tx, provider, row, next);
      const settings = await this.applySettings(tx, row, change, found);
      const audited = (own: Settings, of: Config) => ({ ...own, ...auditedConfig(provider, of, known) });
      const { name, paused, agentsSee } = row;
      const from = audited({ name, paused, agentsSee }, known);
      const to = audited(settings, next?.config ?? known);
      const target = { kind: 'account', id } as const;
      if (isChanged(from, to)) tx.audit({ action: 'account.updated', target, before: from, after: to });
    });
    const told = next?.found.proven ? await this.subscribe(ctx, id, provider, next.config) : [];
    if (change.paused === false || found?.proven) this.bells.ringAccounts([id]);
    return { ...(await this.get(ctx, id)), checks: [...(found?.checks ?? []), ...told] };
  }

  /**
   * Of an account that came by consent. What the provider says to it changes nothing here. One without its key never had
   * the workspace.
   */
  private async giveBack(row: WholeAccount): Promise<void> {
    const provider = providerOf(row.provider);
    const holds = row.appKey === null && row.routingKey !== null;
    const app = holds ? installAppOf(provider, this.env) : null;
    if (!provider.uninstall || !app) return;
    try {
      await withDeadline(
        this.http,
        (http) => provider.uninstall?.(app, openConfig(this.box, row), http) ?? Promise.resolve(),
      );
    } catch (err) {
      this.log.warn({ err, accountId: row.id }, 'a deleted account could not be given back at its provider');
    }
  }

  /** Approved ones, at most a minute old. Throws `not_found`, `channel_cannot`, `account_unavailable`, `provider_unavailable`. */
  async templates(ctx: Asker, id: string): Promise<Template[]> {
    const row = await this.db.read(ctx, (tx) => getAccount(tx, id));
    assertAlive(row);
    const provider = providerOf(row.provider);
    const { templates } = provider;
    if (!templates) throw new AppError('channel_cannot', 'This channel has no templates.');
    try {
      return await this.cache.get(id, row.credentials, () => templates(openConfig(this.box, row), this.http));
    } catch (cause) {
      const detail =
        cause instanceof ConnectError ? cause.message : 'The provider did not answer. Try again in a minute.';
      throw new AppError('provider_unavailable', detail, { cause });
    }
  }

  private async reconfigure(
    tx: TenantTx,
    provider: AnyProvider,
    row: WholeAccount,
    { config, found, madeOf = row.credentials }: Reconfiguration,
  ): Promise<void> {
    if (row.credentials !== madeOf)
      throw new AppError('conflict', 'Somebody changed this account a moment ago. Look at it again.');
    const stored = await this.store.prepare(tx, provider, config, { id: row.id, before: row, proven: found.proven });
    refuse(await updateConfig(tx, row.id, stored, found.standing));
    await dropUnusedApps(tx);
  }

  /** New credentials that work end the pause that old ones caused, and so does what works after a plan was used up. */
  private async applySettings(
    tx: TenantTx<Asker>,
    row: WholeAccount,
    change: Change,
    found: Probe | undefined,
  ): Promise<Settings> {
    const isTaken = found?.proven === true && found.standing.state !== 'needs_reauth';
    const works = row.state === 'restricted' && found?.standing.state === 'connected';
    const healed = works || (isTaken && row.state === 'needs_reauth');
    const { name = row.name, paused = healed ? false : row.paused, agentsSee = row.agentsSee } = change;
    if (agentsSee !== row.agentsSee) assertMayShow(tx.ctx);
    refuse(await updateSettings(tx, row.id, { name, paused, agentsSee }));
    if (healed || (row.paused && !paused)) await this.deliveries.wake(tx, row.id);
    await announce(tx, row.id);
    if (agentsSee !== row.agentsSee) await raiseRights(tx, await listAgents(tx), 1);
    return { name, paused, agentsSee };
  }

  /** After the commit, because the provider may ask for the handshake at once. */
  private async subscribe(
    ctx: TenantContext,
    id: string,
    provider: AnyProvider,
    config: Config,
  ): Promise<AccountCheck[]> {
    const row = await this.db.read(ctx, (tx) => getAccount(tx, id));
    const { trouble, checks } = await subscribe(provider, doorOf(row, this.box, this.origin), config, this.http);
    if (!trouble) return checks;
    await this.db.transaction(ctx, async (tx) => {
      await setTrouble(tx, id, trouble.state, trouble.detail);
      await announce(tx, id);
    });
    return checks;
  }

  /**
   * Below the platform's app what is asked tells nothing of that app where accounts are made by consent: a token of any app
   * opens the workspace. Such an account is held by who agreed, and changed no further than it is theirs. Throws `invalid`.
   */
  private assertMayEnter(provider: AnyProvider, config: Config, before?: WholeAccount): void {
    if (provider.ingress.by !== 'app' || Object.keys(provider.secrets(config)).length) return;
    this.assertPlatformsOwn(provider, config);
    if (!provider.install || before?.routingKey === platformKey(provider, config)) return;
    const message = 'Enter this of an app of your own, or install the account at the provider instead.';
    throw invalidConfig(Object.keys(provider.platformSecrets ?? {}).map((field) => ({ field, message })));
  }

  /** Below the platform's app, calls prove themselves by the operator's secrets. Throws `invalid`. */
  private assertPlatformsOwn(provider: AnyProvider, config: Config): void {
    const secrets = Object.entries(provider.platformSecrets ?? {});
    const complete = secrets.every(([, variable]) => typeof this.env[variable as keyof Env] === 'string');
    if (secrets.length && complete) return assertProvidersOwn(provider, config, this.env.EGRESS_ALLOW);
    const message = 'This install has no app of its own at the provider: enter your app’s.';
    throw invalidConfig(secrets.map(([field]) => ({ field, message })));
  }
}

const platformKey = (provider: AnyProvider, config: Config) =>
  appRoutingKey(provider.name, PLATFORM_APP, provider.routing(config).routingKey);

/** Says nothing of whose it is. */
function refuse(taken: Taken | null): void {
  if (taken === 'name') {
    throw new AppError('conflict', 'There is an account of this name already.', {
      errors: [{ path: 'name', message: 'is taken' }],
    });
  }
  if (taken === 'number')
    throw new AppError('conflict', 'This is connected to an inbox already. Disconnect it there first.');
}
