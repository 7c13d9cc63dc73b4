import { z } from 'zod';
import { ServerAddress } from '../shapes';

/** Ids of Meta's are opaque, but they are never more than this, and they must not climb out of a path. */
const GraphId = z
  .string()
  .trim()
  .regex(/^[\w-]{1,64}$/);

/** What a tenant gives to connect one phone number. Without `appSecret` the calls come through the platform's own Meta app. */
export const CloudApiConfig = z
  .object({
    phoneNumberId: GraphId.meta({
      title: 'Phone number ID',
      description: 'In the Meta app under WhatsApp, API Setup. Not the number itself.',
    }),
    wabaId: GraphId.meta({
      title: 'WhatsApp Business Account ID',
      description: 'On the same page. Templates and webhooks belong to it.',
    }),
    accessToken: z.string().trim().min(1).max(1000).meta({
      title: 'Access token',
      description:
        'Of a system user, with whatsapp_business_messaging and whatsapp_business_management. The test token of the dashboard ends within a day.',
      secret: true,
    }),
    appSecret: z.string().trim().min(1).max(200).optional().meta({
      title: 'App secret',
      description: 'Only with a Meta app of your own: under App settings, Basic. It proves that calls come from Meta.',
      secret: true,
    }),
    verifyToken: z.string().trim().min(8).max(200).optional().meta({
      title: 'Verify token',
      description: 'Only with a Meta app of your own: any words that you also enter as its webhook’s verify token.',
      secret: true,
    }),
    baseUrl: ServerAddress.default('https://graph.facebook.com').meta({
      title: 'Graph API address',
      description: 'Meta’s own, unless you go through a proxy or a simulator.',
    }),
    version: z
      .string()
      .regex(/^v\d{1,3}\.\d{1,2}$/)
      .default('v25.0')
      .meta({ title: 'Graph API version', description: 'v25.0 is served until July 2028.' }),
  })
  .refine(({ appSecret, verifyToken }) => (appSecret === undefined) === (verifyToken === undefined), {
    path: ['verifyToken'],
    message: 'An app of your own needs both its secret and a verify token',
  });
export type CloudApiConfig = z.infer<typeof CloudApiConfig>;
