import { z } from 'zod';
import type { Chat } from '../world/chats';
import { GraphError, parameter } from './errors';
import type { People } from './people';
import type { Line, Override, State } from './state';
import type { MetaWebhooks } from './webhooks';

const WINDOW_MS = 24 * 3_600_000;
const OverrideBody = z.looseObject({ override_callback_uri: z.string().max(200), verify_token: z.string().optional() });

/** A phone number as Graph shows it, what can be changed of it, and whom it has blocked. */
export class Numbers {
  constructor(
    private readonly state: State,
    private readonly people: People,
    private readonly webhooks: MetaWebhooks,
  ) {}

  /** The fields that were asked for; an unknown one is error 100, the id always comes. */
  show(line: Line, fields?: string): Record<string, unknown> {
    const all = this.fields(line);
    const wanted = fields
      ? fields.split(',').map((field) => field.trim())
      : [
          'verified_name',
          'code_verification_status',
          'display_phone_number',
          'quality_rating',
          'platform_type',
          'throughput',
          'id',
        ];
    const unknown = wanted.find((field) => !(field in all));
    if (unknown)
      throw new GraphError(
        400,
        100,
        `(#100) Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessPhoneNumber)`,
      );
    return Object.fromEntries([...new Set([...wanted, 'id'])].map((field) => [field, all[field]]));
  }

  /** Sets or, with an empty address, removes the number's own callback. Throws unless the handshake succeeds. */
  async change(line: Line, body: unknown): Promise<{ success: true }> {
    const { webhook_configuration: wanted } = z.looseObject({ webhook_configuration: OverrideBody }).parse(body);
    if (wanted.override_callback_uri === '') {
      delete line.overrides[line.appId];
    } else {
      line.overrides[line.appId] = await this.confirmed(wanted);
    }
    this.state.touch(line);
    return { success: true };
  }

  register(line: Line, body: unknown): { success: true } {
    const { pin } = z.looseObject({ messaging_product: z.literal('whatsapp'), pin: z.string() }).parse(body);
    if (!/^\d{6}$/.test(pin)) throw new GraphError(400, 133005, '(#133005) Two step verification PIN Mismatch');
    line.registered = true;
    this.state.touch(line);
    return { success: true };
  }

  /** Meta asks the new address before it takes it. */
  async confirmed(wanted: z.infer<typeof OverrideBody>): Promise<Override> {
    const override = { url: wanted.override_callback_uri, verifyToken: wanted.verify_token ?? '' };
    if (!URL.canParse(override.url)) throw parameter('override_callback_uri should represent a valid URI');
    await this.webhooks.handshake(override);
    return override;
  }

  blocked(line: Line) {
    const blocked = [...this.state.world.chats.of(line)].filter((chat) => chat.blocked);
    return {
      data: blocked.map((chat) => ({ messaging_product: 'whatsapp', wa_id: chat.key })),
      paging: { cursors: {} },
    };
  }

  /** Only who wrote within 24 h can be blocked. Throws 139100, with the list, when one of them cannot. */
  block(line: Line, body: unknown, blocked: boolean) {
    const { block_users: users } = z.looseObject({ block_users: z.array(z.object({ user: z.string() })) }).parse(body);
    const tried = users.map(({ user }) => ({ user, chat: this.known(line, user, blocked) }));
    for (const { chat } of tried) if (chat) this.state.world.chats.change(chat, { blocked });
    const done = tried.flatMap(({ user, chat }) => (chat ? [{ input: user, wa_id: chat.key }] : []));
    const failed = tried.flatMap(({ user, chat }) =>
      chat
        ? []
        : [
            {
              input: user,
              wa_id: user.replace(/\D/g, ''),
              errors: [{ message: 'Re-engagement required', code: 131047 }],
            },
          ],
    );
    const result = {
      messaging_product: 'whatsapp',
      block_users: {
        [blocked ? 'added_users' : 'removed_users']: done,
        ...(failed.length && { failed_users: failed }),
      },
    };
    return failed.length
      ? { ...result, error: new GraphError(400, 139100, '(#139100) Failed to block/unblock some users').body.error }
      : result;
  }

  private known(line: Line, user: string, blocked: boolean): Chat | undefined {
    const chat = this.state.world.chats.find(line, this.people.chat(line, user).key);
    const wroteLately = this.state.world.clock.now() - (chat?.lastInboundAt ?? 0) < WINDOW_MS;
    return chat && (wroteLately || !blocked) ? chat : undefined;
  }

  private fields(line: Line): Record<string, unknown> {
    const usable = line.status === 'CONNECTED' && line.registered;
    return {
      id: line.id,
      display_phone_number: displayed(line.phone),
      verified_name: line.name,
      quality_rating: line.quality,
      code_verification_status: 'VERIFIED',
      name_status: 'APPROVED',
      status: line.status,
      platform_type: 'CLOUD_API',
      throughput: { level: 'STANDARD' },
      whatsapp_business_manager_messaging_limit: 'TIER_2K',
      is_official_business_account: false,
      account_mode: 'LIVE',
      is_pin_enabled: true,
      is_on_biz_app: line.settings.coexistence,
      health_status: {
        can_send_message: usable ? 'AVAILABLE' : 'BLOCKED',
        entities: [
          { entity_type: 'PHONE_NUMBER', id: line.id, can_send_message: usable ? 'AVAILABLE' : 'BLOCKED' },
          { entity_type: 'WABA', id: line.wabaId, can_send_message: 'AVAILABLE' },
        ],
      },
      webhook_configuration: this.configuration(line),
    };
  }

  private configuration(line: Line) {
    const app = this.state.app(line.appId);
    const own = line.overrides[line.appId]?.url;
    const ofWaba = this.state.waba(line).subscriptions[line.appId]?.override?.url;
    return {
      ...(own && { phone_number: own }),
      ...(ofWaba && { whatsapp_business_account: ofWaba }),
      application: app?.callbackUrl ?? '',
    };
  }
}

/** `+1 555-010-4477`, as Graph prints numbers. */
function displayed(phone: string): string {
  const american = /^1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return american ? `+1 ${american[1]}-${american[2]}-${american[3]}` : `+${phone}`;
}
