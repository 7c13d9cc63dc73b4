import { setTimeout as pause } from 'node:timers/promises';
import { createFirstSuperAdmin } from '@parley/contracts/setup';
import type { InputOf } from '@parley/contracts/route';
import { FirstSuperAdmin } from '@parley/inbox/people/first-super-admin';
import { Departure } from '@parley/platform/departure';
import { ENV, type Env } from '@parley/platform/env';
import { publicOrigin } from '@parley/platform/origins';
import { Controller, Inject, Logger, Req, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../http/access.guard';
import { Input, Route } from '../http/route.decorator';

const AGAIN_MS = 5_000;

@Controller()
export class SetupController implements OnApplicationBootstrap {
  private readonly log = new Logger('setup');

  constructor(
    private readonly first: FirstSuperAdmin,
    private readonly departure: Departure,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Past every logger: who reads the output of the first start is who runs the install. The start does not wait for it. */
  onApplicationBootstrap(): void {
    if (!this.env.PARLEY_DEMO && this.env.NODE_ENV === 'production') void this.invite();
  }

  @Route(createFirstSuperAdmin)
  async create(@Input() { body }: InputOf<typeof createFirstSuperAdmin>, @Req() request: FastifyRequest) {
    return { userId: await this.first.create(body, originOf(request)) };
  }

  /** As soon as there is a database that says whether anybody runs this install. */
  private async invite(): Promise<void> {
    while (!this.departure.hasBegun) {
      try {
        const token = await this.first.invite();
        if (token) process.stdout.write(`${wordsOf(publicOrigin(this.env), token)}\n`);
        return;
      } catch (err) {
        this.log.warn({ err }, 'nobody knows yet whether this install has a super-admin');
        await pause(AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}

function wordsOf(origin: string, token: string): string {
  return `Nobody runs this install yet. Within 24 hours make yourself its super-admin, once:
  ${origin}/setup#${token}`;
}
