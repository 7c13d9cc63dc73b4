import { getDemo } from '@parley/contracts/demo';
import { routes } from '@parley/contracts/routes';
import { route } from '@parley/contracts/route';
import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, expect, it } from 'vitest';
import { Operational, Route } from './route.decorator';
import { assertEveryRoute } from './route-catalogue';

const hidden = route('GET', '/hidden', { summary: 'In no list.', access: 'public', reach: 'caller' });

@Controller()
class Twice {
  @Route(getDemo)
  one() {}
  @Route(getDemo)
  two() {}
}
@Controller()
class Strays {
  @Get('stray')
  stray() {}
  @Route(hidden)
  hidden() {}
  @Get('health')
  @Operational()
  health() {}
  noHandler() {}
}

let app: NestFastifyApplication;
afterEach(() => app.close());

it('names every route without a handler or with two, and every handler without a contract', async () => {
  @Module({ imports: [DiscoveryModule], controllers: [Twice, Strays] })
  class Everything {}
  app = await NestFactory.create<NestFastifyApplication>(Everything, new FastifyAdapter(), { logger: false });
  const problems = messageOf(() => assertEveryRoute(app))
    .split('\n')
    .slice(1);
  expect(problems).toContain('  getDemo (GET /demo) has 2 handlers');
  expect(problems).toContain('  getMe (GET /me) has 0 handlers');
  expect(problems).toContain('  Strays.stray has no contract');
  expect(problems).toContain('  Strays.hidden serves a route that is not listed in routes');
  expect(problems).toHaveLength(Object.keys(routes).length + 2);
});

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}
