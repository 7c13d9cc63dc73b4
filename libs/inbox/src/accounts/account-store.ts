import { randomBytes } from 'node:crypto';
import type { AnyProvider } from '@parley/channels/provider';
import { uuid7 } from '@parley/db/uuid';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import type { TenantTx } from '@parley/platform/tenant-db';
import { Inject, Injectable } from '@nestjs/common';
import { appGroupKey, appRoutingKey, PLATFORM_APP, tokenRoutingKey, type SealedSecrets } from '../intake/ingress';
import {
  appSecretsPlace,
  credentialsPlace,
  newPathToken,
  openCredentials,
  partConfig,
  rotate,
  webhookSecretsOf,
  webhookSecretsPlace,
  type SealedCredentials,
} from './account-secrets';
import {
  insertApp,
  isSharedApp,
  lockApps,
  updateAppSecrets,
  type AppRow,
  type StoredConfig,
  type WholeAccount,
} from './accounts.queries';

type Config = Record<string, unknown>;
const NONE: SealedSecrets = { secrets: [] };

/** Turns a config into what is stored of it: parted, sealed, with the keys by which its calls find it. */
@Injectable()
export class AccountStore {
  constructor(
    private readonly box: CredentialBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * `proven`: the provider took the credentials. Below the platform's app nothing else may claim a number, or a tenant
   * could have another's messages by naming it first.
   */
  async prepare(
    tx: TenantTx,
    provider: AnyProvider,
    config: Config,
    { id, before, proven }: { id: string; before?: WholeAccount; proven: boolean },
  ): Promise<StoredConfig> {
    const { open, secret } = partConfig(provider, config);
    const ways =
      provider.ingress.by === 'token'
        ? this.byToken(provider, before)
        : await this.byApp(tx, provider, config, before, proven);
    const values = provider.ingress.by === 'token' ? webhookSecretsOf(provider, config) : null;
    return {
      config: open,
      credentials: this.sealCredentials(tx.tenantId, id, { config: secret, pathToken: ways.pathToken }),
      webhookSecrets: this.sealSecrets(
        tx.tenantId,
        id,
        values ? rotate(this.secretsOf(before), values, this.clock.now()) : NONE,
      ),
      routingKey: ways.routingKey,
      groupKey: ways.groupKey,
      appId: ways.appId,
    };
  }

  /** What takes the place of the secrets of an account that is no more. */
  emptied(tenantId: string, id: string): Pick<StoredConfig, 'credentials' | 'webhookSecrets'> {
    return {
      credentials: this.sealCredentials(tenantId, id, { config: {}, pathToken: null }),
      webhookSecrets: this.sealSecrets(tenantId, id, NONE),
    };
  }

  private byToken(provider: AnyProvider, before: WholeAccount | undefined) {
    const pathToken = (before && openCredentials(this.box, before).pathToken) ?? newPathToken();
    return { pathToken, routingKey: tokenRoutingKey(provider.name, pathToken), groupKey: null, appId: null };
  }

  private async byApp(
    tx: TenantTx,
    provider: AnyProvider,
    config: Config,
    before: WholeAccount | undefined,
    proven: boolean,
  ) {
    const app = await this.ownApp(tx, provider, provider.secrets(config), before);
    const key = app?.key ?? PLATFORM_APP;
    const { routingKey, groupKey } = provider.routing(config);
    const number = appRoutingKey(provider.name, key, routingKey);
    const claims = app !== null || proven || before?.routingKey === number;
    return {
      pathToken: null,
      routingKey: claims ? number : null,
      groupKey: claims && groupKey !== undefined ? appGroupKey(provider.name, key, groupKey) : null,
      appId: app?.id ?? null,
    };
  }

  /**
   * The tenant's own app with these secrets. Numbers of one app share it, or a call for all of them would find one; so a
   * new secret of an app that only they use goes to that app, and an app is known by its first secret else.
   */
  private async ownApp(
    tx: TenantTx,
    provider: AnyProvider,
    values: Record<string, string>,
    before?: WholeAccount,
  ): Promise<AppRow | null> {
    const identity = firstOf(values);
    if (identity === undefined) return null;
    const apps = await lockApps(tx, provider.name);
    const known = apps.find((app) => firstOf(this.openApp(tx.tenantId, app).secrets[0]?.values) === identity);
    const own = apps.find((app) => app.id === before?.appId);
    const app = known ?? (own && before && !(await isSharedApp(tx, before)) ? own : undefined);
    return app ? this.rotateApp(tx, app, values) : this.newApp(tx, provider, values);
  }

  private async rotateApp(tx: TenantTx, app: AppRow, values: Record<string, string>): Promise<AppRow> {
    const sealed = this.openApp(tx.tenantId, app);
    const rotated = rotate(sealed, values, this.clock.now());
    if (rotated !== sealed) await updateAppSecrets(tx, app.id, this.sealApp(tx.tenantId, app.id, rotated));
    return app;
  }

  private async newApp(tx: TenantTx, provider: AnyProvider, values: Record<string, string>): Promise<AppRow> {
    const id = uuid7();
    const secrets = this.sealApp(tx.tenantId, id, { secrets: [{ values }] });
    const app = { id, key: randomBytes(16).toString('base64url'), secrets };
    await insertApp(tx, provider.name, app);
    return app;
  }

  private openApp(tenantId: string, app: AppRow): SealedSecrets {
    return this.box.open(app.secrets, appSecretsPlace(tenantId, app.id)) as SealedSecrets; // sealed by us
  }

  private secretsOf(before: WholeAccount | undefined): SealedSecrets {
    if (!before) return NONE;
    return this.box.open(before.webhookSecrets, webhookSecretsPlace(before.tenantId, before.id)) as SealedSecrets; // sealed by us
  }

  private sealCredentials(tenantId: string, id: string, credentials: SealedCredentials): string {
    return this.box.seal(credentials, credentialsPlace(tenantId, id));
  }

  private sealSecrets(tenantId: string, id: string, secrets: SealedSecrets): string {
    return this.box.seal(secrets, webhookSecretsPlace(tenantId, id));
  }

  private sealApp(tenantId: string, id: string, secrets: SealedSecrets): string {
    return this.box.seal(secrets, appSecretsPlace(tenantId, id));
  }
}

function firstOf(values: Record<string, string> | undefined): string | undefined {
  return values && Object.values(values)[0];
}
