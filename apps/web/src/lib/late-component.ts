import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import { patiently } from './patiently';

/** A component whose code is fetched when it is first drawn; belongs under a `Suspense`. */
export function lateComponent<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(() => patiently(load).then((component) => ({ default: component })));
}
