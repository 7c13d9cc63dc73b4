import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ServerAddress } from '../shapes';

/** What a tenant gives to connect one instance of an Evolution server. */
export const EvolutionConfig = z.object({
  baseUrl: ServerAddress.meta({
    title: 'Server address',
    description: 'Where your Evolution API answers, e.g. https://evolution.example.org',
  }),
  instance: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^(?!\.+$)/) // "." and ".." would climb out of the path
    .meta({ title: 'Instance', description: 'The name of the instance, as the Evolution manager shows it.' }),
  apiKey: z.string().trim().min(1).max(500).meta({
    title: 'API key',
    description: 'The token of the instance. The key of the server works too, but opens all its instances.',
    secret: true,
  }),
  keyOpens: z
    .enum(['instance', 'server'])
    .default('instance')
    .meta({ title: 'The key opens', description: 'One instance, or (AUTHENTICATION_API_KEY) the whole server.' }),
  webhookSecret: z
    .string()
    .min(16)
    .max(200)
    .default(() => randomBytes(32).toString('base64url'))
    .meta({ title: 'Webhook secret', description: 'Comes with every call. Left empty, we make one.', secret: true }),
  jwtKey: z.string().min(16).max(200).optional().meta({
    title: 'Webhook JWT key',
    description: 'Optional: the server then signs each call with a token made from it (jwt_key).',
    secret: true,
  }),
});
export type EvolutionConfig = z.infer<typeof EvolutionConfig>;
