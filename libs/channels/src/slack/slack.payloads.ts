import { z } from 'zod';
import { peek, readJson } from '../json-body';
import { ExternalId, OptionalNumber, OptionalText } from '../shapes';
import { Unreadable } from '../unreadable';

/** What Slack posts (contract §2 and §3). Loose: Slack adds fields at any time. */

/** Of a message: seconds and six digits. A string for good, for as a float it loses digits. */
export const Ts = z.string().regex(/^\d{1,10}\.\d{1,9}$/);

/** The moment of a ts, to the millisecond. */
export const dateOf = (ts: string) => new Date(Math.floor(Number(ts) * 1000));

/** The call, be it an event (JSON) or an interaction or a command (a form). Throws on what is none of them. */
export function readCall(body: Uint8Array): unknown {
  if (body[0] === JSON_BEGINS) return readJson(body);
  const form = formOf(body);
  const payload = form.get('payload');
  if (payload !== null) return readJson(Buffer.from(payload));
  if (form.has('command')) return { type: 'command', ...Object.fromEntries(form) };
  throw new Unreadable('The body is no call of Slack’s');
}

/** `ssl_check=1`: Slack looks whether the address of a command answers. */
export const isProbe = (body: Uint8Array) =>
  body[0] !== JSON_BEGINS && body.byteLength < 2_000 && formOf(body).get('ssl_check') === '1';

const JSON_BEGINS = 0x7b;
const formOf = (body: Uint8Array) => new URLSearchParams(Buffer.from(body).toString());

/** An id of somebody or of somewhere ("U…", "C…"): it goes into addresses, so it holds nothing that would part them. */
export const SlackId = z.string().regex(/^[A-Za-z0-9]{1,40}$/);

export const Envelope = z.looseObject({
  api_app_id: z.string().nullish(),
  event_time: z.unknown().optional(),
  event: z.looseObject({ type: z.string() }),
});

/** The workspace whose install is meant: in shared channels the outer team can be another company's (contract §2.3). */
export function teamOf(call: unknown): unknown {
  return peek(call, 'authorizations', '0', 'team_id') ?? peek(call, 'team_id') ?? peek(call, 'team', 'id');
}

export const File = z.looseObject({
  id: SlackId,
  name: OptionalText,
  mimetype: OptionalText,
  subtype: OptionalText,
  size: OptionalNumber,
  duration_ms: OptionalNumber,
  original_w: OptionalNumber,
  original_h: OptionalNumber,
});
export type File = z.infer<typeof File>;

const Edited = z.looseObject({ ts: Ts }).nullish();

/** What a message says, wherever it stands: as an event, inside an edit, or in a channel's history. */
export const Said = z.looseObject({
  subtype: z.string().nullish(),
  ts: Ts,
  thread_ts: Ts.nullish(),
  user: SlackId.nullish(),
  bot_id: SlackId.nullish(),
  app_id: z.string().nullish(),
  username: OptionalText,
  bot_profile: z.looseObject({ app_id: z.string().nullish(), name: OptionalText }).nullish(),
  text: z.string().nullish(),
  files: z.array(File).nullish(),
  edited: Edited,
  metadata: z.unknown().optional(),
});
export type Said = z.infer<typeof Said>;

export const Message = Said.extend({
  channel: SlackId,
  channel_type: z.string().nullish(),
  root: z.unknown().optional(),
});
export type Message = z.infer<typeof Message>;

export const Changed = z.looseObject({
  channel: SlackId,
  message: Said.extend({ ts: Ts.nullish() }),
  previous_message: z
    .looseObject({ ts: Ts.nullish(), text: z.unknown().optional(), files: z.unknown().optional(), edited: Edited })
    .nullish(),
  event_ts: Ts.nullish(),
});
export const Deleted = z.looseObject({
  channel: SlackId,
  deleted_ts: Ts.nullish(),
  previous_message: z.looseObject({ ts: Ts, files: z.array(z.looseObject({ id: SlackId })).nullish() }).nullish(),
  event_ts: Ts.nullish(),
});

export const Reaction = z.looseObject({
  user: SlackId,
  reaction: ExternalId,
  item: z.looseObject({ type: z.string(), channel: SlackId.nullish(), ts: Ts.nullish() }),
  event_ts: Ts,
});

export const Membership = z.looseObject({
  user: SlackId,
  channel: SlackId,
  inviter: SlackId.nullish(),
  event_ts: Ts.nullish(),
});
export const Members = z.looseObject({ channel: SlackId, members: z.array(SlackId).max(5000) });
export const Left = z.looseObject({ channel: SlackId, event_ts: Ts.nullish() });
export const Renamed = z.looseObject({ channel: z.looseObject({ id: SlackId, name: ExternalId }) });

/** As an event and as `users.info` have it. */
export const User = z.looseObject({
  id: SlackId,
  name: OptionalText,
  real_name: OptionalText,
  profile: z.looseObject({ display_name: OptionalText, real_name: OptionalText }).nullish(),
});
export type User = z.infer<typeof User>;

export const Revoked = z.looseObject({ tokens: z.looseObject({ bot: z.array(z.string()).nullish() }) });

/** A click on a button or a choice from a list, on a message of ours. */
export const Action = z.looseObject({
  user: z.looseObject({ id: SlackId, name: OptionalText, username: OptionalText }),
  channel: z.looseObject({ id: SlackId }),
  container: z.looseObject({ message_ts: Ts }),
  actions: z.array(
    z.looseObject({
      action_id: OptionalText,
      action_ts: Ts,
      value: OptionalText,
      text: z.looseObject({ text: z.string() }).nullish(),
      selected_option: z
        .looseObject({ value: OptionalText, text: z.looseObject({ text: z.string() }).nullish() })
        .nullish(),
    }),
  ),
});
