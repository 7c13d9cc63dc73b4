import { z } from 'zod';

/** The largest picture that is taken for a logo, in bytes. */
export const MAX_LOGO_BYTES = 2 ** 20;

/** A picture of a tenant, square and a few kB: as a data URL, so that it shows without another request. */
export const Logo = z
  .string()
  .regex(/^data:[\w/.+-]*;base64,/, 'is no data URL')
  .meta({ description: 'A picture as a data URL.' });
