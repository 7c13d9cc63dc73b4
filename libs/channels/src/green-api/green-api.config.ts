import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ServerAddress } from '../shapes';

/** What a tenant gives to connect one instance. All but the last is shown in the console of GREEN-API. */
export const GreenApiConfig = z.object({
  apiUrl: ServerAddress.default('https://api.green-api.com').meta({
    title: 'API address',
    description: 'apiUrl of the instance in the GREEN-API console, e.g. https://7103.api.greenapi.com',
  }),
  mediaUrl: ServerAddress.default('https://media.green-api.com').meta({
    title: 'Media address',
    description: 'mediaUrl of the instance, on the same page. Files are uploaded there.',
  }),
  idInstance: z
    .string()
    .trim()
    .regex(/^\d{1,20}$/) // twelve digits since July 2026: never a number to us
    .meta({ title: 'Instance', description: 'idInstance in the console: digits alone.' }),
  apiTokenInstance: z
    .string()
    .trim()
    .regex(/^[\w-]{8,200}$/) // it stands in the path of each call, and is hidden in what comes back
    .meta({ title: 'API token', description: 'apiTokenInstance in the console. Do not share it.', secret: true }),
  webhookUrlToken: z
    .string()
    .min(16)
    .max(200)
    .regex(/^[\x21-\x7e]+$/) // with a blank in it nobody could tell the scheme from the token
    .default(() => randomBytes(32).toString('base64url'))
    .meta({ title: 'Webhook token', description: 'Comes with every call. Left empty, we make one.', secret: true }),
});
export type GreenApiConfig = z.infer<typeof GreenApiConfig>;
