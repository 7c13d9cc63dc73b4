import { clean } from '../clean-text';
import { peek, peekName } from '../json-body';
import type {
  ChannelEvent,
  Connect,
  Files,
  FindSent,
  Groups,
  Install as Installs,
  Names,
  Provider,
  Replies,
  Watch,
} from '../provider';
import { peekSeconds } from '../shapes';
import { toHeldBack, toRevoked, toUninstalled } from './account-events';
import { check, standing } from './connect';
import { fetchFile } from './files';
import { findSent } from './find-sent';
import { consentUrl, install, renew, renewAt, uninstall } from './install';
import { itemsOf } from './items';
import { toMessage, toReaction, type Install } from './messages';
import { groups, names } from './names';
import { MEMBERS_ASKED, toChoices, toMembers, toMembership, toName, toOurLeaving, toTitle } from './people';
import { send } from './send';
import { FILES } from './send-file';
import { SlackConfig } from './slack.config';
import { Envelope, readCall, SlackId, teamOf } from './slack.payloads';
import { isSigned } from './verify';

type Slack = Provider<SlackConfig> &
  Replies &
  FindSent<SlackConfig> &
  Files<SlackConfig> &
  Names<SlackConfig> &
  Groups<SlackConfig> &
  Installs<SlackConfig> &
  Pick<Connect<SlackConfig>, 'check'> &
  Watch<SlackConfig>;

/** Slack, as a bot in its channels and direct messages. Source: contract "Slack", from Slack's SDKs and documentation. */
export const slack: Slack = {
  name: 'slack',
  channel: 'slack',
  title: 'Slack',
  config: SlackConfig,
  bodyLimitBytes: 1024 * 1024,
  // One message a second in a channel, and some hundred a minute in a workspace (contract §6).
  pacing: { account: { perSecond: 5, burst: 20 }, chat: { perSecond: 1, burst: 1 } },
  ingress: { path: 'slack', by: 'app', doors: ['events', 'interactivity', 'commands'] },
  platformSecrets: { signingSecret: 'SLACK_SIGNING_SECRET' },
  capabilities: () => ({
    maxTextLength: 4000, // more is taken, but seen to be split by clients
    quote: true,
    react: true,
    edit: false,
    delete: false,
    typing: false,
    seesTyping: false,
    receipts: 'none',
    windowHours: null,
    templates: false,
    lookUp: true,
    writeFirst: false,
    files: FILES,
  }),
  routing: ({ teamId }) => ({ routingKey: teamId }),
  secrets: ({ signingSecret }) => ({ ...(signingSecret !== undefined && { signingSecret }) }),
  webhookHeaders: () => ({}),
  verify: isSigned,
  reply: challengeOf,
  split: itemsOf,
  parse: ({ body }) => clean(eventsOf(readCall(body))),
  send,
  findSent,
  fetchFile,
  names,
  groups,
  installApp: {
    clientId: 'SLACK_CLIENT_ID',
    clientSecret: 'SLACK_CLIENT_SECRET',
    authorizeUrl: 'SLACK_AUTHORIZE_URL',
    apiUrl: 'SLACK_API_URL',
  },
  consentUrl,
  install,
  renewAt,
  renew,
  uninstall,
  check,
  standing,
};

/** `url_verification`: whoever enters an address at Slack proves with this that it is theirs. */
function challengeOf({ body }: { body: Uint8Array }) {
  if (body[0] !== 0x7b) return null;
  const call = readCall(body);
  const challenge = peek(call, 'type') === 'url_verification' ? peekName(call, 'challenge') : undefined;
  return challenge === undefined ? null : { type: 'application/json', body: JSON.stringify({ challenge }) };
}

function eventsOf(call: unknown): ChannelEvent[] {
  switch (peek(call, 'type')) {
    case 'event_callback':
      return toEvents(call, installOf(call));
    case 'block_actions':
      return toChoices(call, installOf(call));
    case 'app_rate_limited':
      return toHeldBack(call);
    default: // commands, shortcuts, views
      return [];
  }
}

function toEvents(call: unknown, install: Install): ChannelEvent[] {
  const { event, event_time } = Envelope.parse(call);
  switch (event.type) {
    case 'message':
    case 'app_mention':
      return toMessage(event, install);
    case 'reaction_added':
      return toReaction(event, install, 'added');
    case 'reaction_removed':
      return toReaction(event, install, 'removed');
    case 'member_joined_channel':
      return toMembership(event, install, 'add');
    case 'member_left_channel':
      return toMembership(event, install, 'remove');
    case MEMBERS_ASKED:
      return toMembers(event, install);
    case 'channel_left':
    case 'group_left':
      return toOurLeaving(event);
    case 'channel_rename':
    case 'group_rename':
      return toTitle(event);
    case 'user_change':
      return toName(event, install);
    case 'app_uninstalled':
      return toUninstalled(peekSeconds(event_time));
    case 'tokens_revoked':
      return toRevoked(event, peekSeconds(event_time));
    default:
      return [];
  }
}

function installOf(call: unknown): Install {
  const isBot = peek(call, 'authorizations', '0', 'is_bot') === true;
  return {
    team: SlackId.parse(teamOf(call)),
    app: peekName(call, 'api_app_id'),
    botUser: isBot ? peekName(call, 'authorizations', '0', 'user_id') : undefined,
  };
}
