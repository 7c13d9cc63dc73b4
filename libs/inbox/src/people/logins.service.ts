import type { SignInPlace } from '@parley/contracts/members';
import { PLATFORM } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable } from '@nestjs/common';
import { findLogin, insertLogin, isMember, verifyAddress, type Login } from './logins.queries';
import { hashPassword } from './password';
import { endSignIns, endSignInsTo, listAddresses, listSignIns } from './sessions.queries';
import { SessionsService } from './sessions.service';

export type { Login };

/** Logins as tenants know them: by address, and by where they are signed in. Passwords are the auth library's. */
@Injectable()
export class LoginsService {
  constructor(
    private readonly sessions: SessionsService,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  /** By address, in small letters. */
  find(email: string): Promise<Login | undefined> {
    return this.platform.query((sql) => findLogin(sql, email));
  }

  /** Whether somebody with this address is an active member. */
  isMember(tenantId: string, email: string): Promise<boolean> {
    return this.platform.query((sql) => isMember(sql, tenantId, email));
  }

  /** `verified`: its owner read mail there. Without a password a new one by mail opens it. Null: somebody has this address. */
  async create(one: {
    email: string;
    name: string;
    password: string | null;
    verified: boolean;
  }): Promise<Login | null> {
    const hash = one.password === null ? null : await hashPassword(one.password);
    return this.platform.query((sql) => insertLogin(sql, { ...one, hash }));
  }

  /** Mail to the address reached its owner. */
  async verify(userId: string): Promise<void> {
    await this.platform.query((sql) => verifyAddress(sql, userId));
  }

  /** Of these logins the addresses, and when they last did something in a tenant. */
  addressesOf(
    tenantId: string,
    userIds: string[],
  ): Promise<{ userId: string; email: string; lastSeenAt: Date | null }[]> {
    return this.platform.query((sql) => listAddresses(sql, tenantId, userIds));
  }

  /** Where somebody is signed in, newest first; of one tenant, only where they work in it. */
  signInsOf(userId: string, tenantId: string | null = null): Promise<Omit<SignInPlace, 'current'>[]> {
    return this.platform.query((sql) => listSignIns(sql, userId, tenantId));
  }

  /** Ends one session of somebody, or all of them, in every process within a second. False: there was none. */
  async endSignIns(userId: string, sessionId: string | null = null): Promise<boolean> {
    const ended = await this.platform.query((sql) => endSignIns(sql, userId, sessionId));
    this.sessions.forgetAll();
    return ended > 0;
  }

  /** Ends the sessions of somebody that work in a tenant. What they do in another is not its business. */
  async endSignInsTo(tenantId: string, userId: string): Promise<void> {
    await this.platform.query((sql) => endSignInsTo(sql, tenantId, userId));
    this.sessions.forgetAll();
  }
}
