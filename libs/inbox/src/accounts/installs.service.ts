import { createHash, randomBytes } from 'node:crypto';
import { ConnectError, type AnyProvider } from '@parley/channels/provider';
import { AppError } from '@parley/platform/app-error';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, REDIS } from '@parley/platform/platform.module';
import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { withDeadline } from '../sending/call';
import { AccountsService } from './accounts.service';
import { installAppOf } from './install-app';

/** As long as a provider's code lives. */
const STATE_SECONDS = 600;

const Begun = z.object({
  provider: z.string(),
  tenantId: z.string(),
  credential: z.string(),
  redirectUri: z.string(),
});

/** Accounts that are made by consent at their provider: the way there, and the way back. */
@Injectable()
export class InstallsService {
  constructor(
    private readonly accounts: AccountsService,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Where to send the member. Nobody guesses the state, and it counts once, for this session and tenant. Throws `invalid`. */
  async begin(ctx: MemberContext, provider: AnyProvider, redirectUri: string): Promise<string> {
    const { app, consentUrl } = this.appOf(provider);
    const state = randomBytes(32).toString('base64url');
    const { tenantId, credential } = ctx;
    const begun: z.infer<typeof Begun> = { provider: provider.name, tenantId, credential, redirectUri };
    await this.redis.set(this.keyOf(state), JSON.stringify(begun), 'EX', STATE_SECONDS);
    return consentUrl(app, { state, redirectUri });
  }

  /** The account that came of it. Throws `invalid`, `conflict`, `provider_unavailable`. */
  async complete(ctx: MemberContext, provider: AnyProvider, { state, code }: { state: string; code: string }) {
    const { app, install } = this.appOf(provider);
    const begun = await this.take(state);
    const isTheirs =
      begun?.credential === ctx.credential && begun.tenantId === ctx.tenantId && begun.provider === provider.name;
    if (!begun || !isTheirs) throw expired();
    const { redirectUri } = begun;
    try {
      const granted = await withDeadline(this.http, (http) =>
        install(app, { code, redirectUri }, http, this.clock.now()),
      );
      return await this.accounts.adopt(ctx, provider, {
        ...granted,
        config: granted.config as Record<string, unknown>,
      }); // a config is an object
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      const words =
        cause instanceof ConnectError
          ? cause.message
          : 'The provider did not answer. Start the install again in a minute.';
      throw new AppError('provider_unavailable', words, { cause });
    }
  }

  /** Nobody agreed: its state counts no more. */
  async cancel(state: string): Promise<void> {
    await this.take(state);
  }

  private async take(state: string): Promise<z.infer<typeof Begun> | null> {
    const kept = await this.redis.getdel(this.keyOf(state));
    return kept === null ? null : Begun.parse(JSON.parse(kept));
  }

  private keyOf(state: string): string {
    return `${this.env.REDIS_PREFIX}:install:${createHash('sha256').update(state).digest('base64url')}`;
  }

  private appOf(provider: AnyProvider) {
    const app = installAppOf(provider, this.env);
    const { consentUrl, install } = provider;
    if (!app || !consentUrl || !install)
      throw new AppError(
        'invalid',
        'This install has no app of its own at the provider. Its operator can enter one, or connect by the form.',
      );
    return { app, consentUrl, install };
  }
}

const expired = () =>
  new AppError('invalid', 'This install took too long, or was begun in another browser. Start it again.');
