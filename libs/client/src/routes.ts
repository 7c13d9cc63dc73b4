import { routes as contract } from '@parley/contracts/routes';
import type { AddressOf } from './address';

/**
 * Every route of the API, to be called by `call`. In the package they are addresses and types alone: the schemas, and the
 * validator with them, stay with the server.
 */
export const routes: { readonly [Name in keyof typeof contract]: AddressOf<(typeof contract)[Name]> } = contract;
