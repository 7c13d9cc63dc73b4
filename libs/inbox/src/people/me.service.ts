import type { Language } from '@parley/contracts/languages';
import type { Me } from '@parley/contracts/me';
import type { SignInPlace } from '@parley/contracts/members';
import { notFound } from '@parley/platform/app-error';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import { LoginsService } from './logins.service';
import { getHead, getTenant, languageOf, listMemberships, setActiveTenant, setLanguage } from './sessions.queries';
import { assertOneself, type SignedIn } from './sessions.service';

/** Who is signed in, and where they work. */
@Injectable()
export class MeService {
  constructor(
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    private readonly logins: LoginsService,
  ) {}

  async get({ user, member, impersonation, byCompanyOf }: SignedIn): Promise<Me> {
    const [memberships, tenant, language] = await Promise.all([
      this.platform.query((sql) => listMemberships(sql, user.id, byCompanyOf)),
      member ? this.platform.query((sql) => getTenant(sql, member.tenantId)) : null,
      this.platform.query((sql) => languageOf(sql, user.id)),
    ]);
    return {
      user: { ...user, language },
      memberships,
      tenant: tenant ?? null,
      memberId: member?.id ?? null,
      role: member?.role ?? null,
      permissions: member ? [...member.permissions] : [],
      impersonation: impersonation && { by: impersonation.name, until: impersonation.until },
      byCompany: byCompanyOf !== null,
    };
  }

  /** Where the tenant's events stand; null without a membership. Read it before anything that is shown. */
  async head({ member }: SignedIn): Promise<number | null> {
    return member ? this.platform.query((sql) => getHead(sql, member.tenantId)) : null;
  }

  /**
   * Throws `not_found` where the person is no active member, `forbidden` for who acts as them or was signed in by their company:
   * that is for one tenant. What is believed of the session must be dropped after it.
   */
  async switchTenant(signedIn: SignedIn, tenantId: string): Promise<void> {
    assertOneself(signedIn);
    const { sessionId } = signedIn;
    if (!(await this.platform.query((sql) => setActiveTenant(sql, sessionId, tenantId)))) throw notFound('tenant');
  }

  /** Null: as the tenant has it. */
  async setLanguage({ user }: SignedIn, language: Language | null): Promise<void> {
    await this.platform.query((sql) => setLanguage(sql, user.id, language));
  }

  /** Newest first. Throws `forbidden` as `assertOneself`. */
  async listSessions(signedIn: SignedIn): Promise<{ items: SignInPlace[] }> {
    assertOneself(signedIn);
    const { user, sessionId } = signedIn;
    const found = await this.logins.signInsOf(user.id);
    return { items: found.map((one) => ({ ...one, current: one.id === sessionId })) };
  }

  /** Throws `not_found`, `forbidden` as `assertOneself`. */
  async endSession(signedIn: SignedIn, id: string): Promise<void> {
    assertOneself(signedIn);
    if (!(await this.logins.endSignIns(signedIn.user.id, id))) throw notFound('session');
  }

  /** Throws `forbidden` as `assertOneself`. */
  async endSessions(signedIn: SignedIn): Promise<void> {
    assertOneself(signedIn);
    await this.logins.endSignIns(signedIn.user.id);
  }
}
