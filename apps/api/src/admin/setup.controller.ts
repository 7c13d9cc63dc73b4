import { createFirstSuperAdmin } from '@parley/contracts/setup';
import type { InputOf } from '@parley/contracts/route';
import { FirstSuperAdmin } from '@parley/inbox/people/first-super-admin';
import { ENV, type Env } from '@parley/platform/env';
import { publicOrigin } from '@parley/platform/origins';
import { Controller, Inject, Req, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../http/access.guard';
import { Input, Route } from '../http/route.decorator';

@Controller()
export class SetupController implements OnApplicationBootstrap {
  constructor(
    private readonly first: FirstSuperAdmin,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Past every logger: who reads the output of the first start is who runs the install. */
  onApplicationBootstrap(): void {
    if (this.env.PARLEY_DEMO || this.env.NODE_ENV !== 'production') return;
    // Beside the start, which must not wait for a database that is away; the next start says it.
    void this.first.invite().then(
      (token) => token && process.stdout.write(`${wordsOf(publicOrigin(this.env), token)}\n`),
      () => null,
    );
  }

  @Route(createFirstSuperAdmin)
  async create(@Input() { body }: InputOf<typeof createFirstSuperAdmin>, @Req() request: FastifyRequest) {
    return { userId: await this.first.create(body, originOf(request)) };
  }
}

function wordsOf(origin: string, token: string): string {
  return `Nobody runs this install yet. Within 24 hours make yourself its super-admin, once:
  ${origin}/setup#${token}`;
}
