import type { Method, Route } from '@parley/contracts/route';

/** Where a route is, and the types of what goes in and comes out. */
export interface Address<Params, Query, Body, Response> {
  method: Method;
  path: string;
  /** Never there: it carries the types. */
  readonly of?: Route<Params, Query, Body, Response>;
}

/** A route's address, by the type of its declaration. */
export type AddressOf<R> =
  R extends Route<infer Params, infer Query, infer Body, infer Response>
    ? Address<Params, Query, Body, Response>
    : never;

/** A route's address, by its declaration's type. */
export function at<R>(method: Method, path: string): AddressOf<R> {
  return { method, path } as AddressOf<R>; // an address is these two and types
}
