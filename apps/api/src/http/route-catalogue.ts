import type { AnyRoute } from '@parley/contracts/route';
import { routes } from '@parley/contracts/routes';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { findRoute, OPERATIONAL } from './route.decorator';

/** Stops the boot when a route of the contracts has no handler or two, or a handler has no contract. */
export function assertEveryRoute(app: NestFastifyApplication): void {
  const handlers = handlersOf(app);
  const strays = handlers
    .filter(({ route, operational }) => !route && !operational)
    .map(({ name }) => `${name} has no contract`);
  const wrong = Object.entries<AnyRoute>(routes).flatMap(([name, route]) => {
    const own = handlers.filter((handler) => handler.route === route);
    return own.length === 1 ? [] : [`${name} (${route.method} ${route.path}) has ${own.length} handlers`];
  });
  const known = new Set<AnyRoute>(Object.values(routes));
  const foreign = handlers
    .filter(({ route }) => route && !known.has(route))
    .map(({ name }) => `${name} serves a route that is not listed in routes`);
  const problems = [...strays, ...wrong, ...foreign];
  if (problems.length) throw new Error(`Routes and handlers do not match:\n  ${problems.join('\n  ')}`);
}

interface Handler {
  name: string;
  route: AnyRoute | undefined;
  operational: boolean;
}

function handlersOf(app: NestFastifyApplication): Handler[] {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService)
    .getControllers()
    .flatMap(({ metatype }) => {
      const prototype: unknown = metatype?.prototype;
      if (typeof prototype !== 'object' || prototype === null) return [];
      return scanner.getAllMethodNames(prototype).flatMap((method) => {
        const handler: unknown = Reflect.get(prototype, method);
        if (typeof handler !== 'function' || !isMapped(handler)) return [];
        return [
          {
            name: `${metatype?.name}.${method}`,
            route: findRoute(handler),
            operational: Reflect.hasMetadata(OPERATIONAL, handler),
          },
        ];
      });
    });
}

/** Nest keeps a handler's path under this name. */
function isMapped(handler: object): boolean {
  return Reflect.hasMetadata('path', handler);
}
