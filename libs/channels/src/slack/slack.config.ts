import { z } from 'zod';
import { ServerAddress } from '../shapes';

/** What connects one workspace. An install through Slack fills it in; an app of the tenant's own is entered by hand. */
export const SlackConfig = z.object({
  teamId: z
    .string()
    .trim()
    .regex(/^T[A-Z0-9]{2,20}$/)
    .meta({
      title: 'Workspace ID',
      description: 'Begins with T. Open Slack in a browser: it is in the address, after /client/.',
    }),
  botToken: z.string().trim().min(1).max(500).meta({
    title: 'Bot token',
    description: 'Begins with xoxb-. In the Slack app under OAuth & Permissions, once it is installed.',
    secret: true,
  }),
  signingSecret: z.string().trim().min(8).max(200).optional().meta({
    title: 'Signing secret',
    description: 'Only with a Slack app of your own: under Basic Information. It proves that calls come from Slack.',
    secret: true,
  }),
  refreshToken: z.string().min(1).max(500).optional().meta({
    title: 'Refresh token',
    description: 'Where the app rotates its tokens: it can be renewed by that app alone.',
    secret: true,
    consent: true,
  }),
  tokenExpiresAt: z.int().positive().optional().meta({
    title: 'Token expires',
    description: 'Unix seconds.',
    consent: true,
  }),
  apiUrl: ServerAddress.default('https://slack.com/api').meta({
    title: 'Web API address',
    description: 'Slack’s own, unless you go through a proxy or a simulator.',
  }),
});
export type SlackConfig = z.infer<typeof SlackConfig>;
