import { z } from 'zod';
import type { Numbers } from './numbers';
import type { Line, State } from './state';

/** A WhatsApp Business account: its numbers, and the apps that are told about it (contract §1). */
export class Wabas {
  constructor(
    private readonly state: State,
    private readonly numbers: Numbers,
  ) {}

  phoneNumbers(line: Line, { fields, limit = '25' }: { fields?: string; limit?: string }) {
    const lines = this.state.linesOf(line.wabaId).slice(0, Math.min(Number(limit) || 25, 100));
    return {
      data: lines.map((each) => this.numbers.show(each, fields)),
      paging: { cursors: { before: 'MAZDZD', after: 'MjQZD' } },
    };
  }

  subscribed(line: Line) {
    const data = Object.entries(this.state.waba(line).subscriptions).map(([appId, { override }]) => ({
      whatsapp_business_api_data: {
        id: appId,
        name: this.state.app(appId)?.name ?? '',
        link: `https://www.facebook.com/games/?app_id=${appId}`,
      },
      ...(override && { override_callback_uri: override.url }),
    }));
    return { data };
  }

  /** Subscribes the token's app. A body sets its own callback address for this WABA; none removes it. */
  async subscribe(line: Line, body: unknown): Promise<{ success: true }> {
    const wanted = z
      .looseObject({ override_callback_uri: z.string().max(200), verify_token: z.string().optional() })
      .safeParse(body);
    const override = wanted.success ? await this.numbers.confirmed(wanted.data) : undefined;
    this.state.waba(line).subscriptions[line.appId] = { override };
    this.state.wabas.touch(line.wabaId);
    return { success: true };
  }

  unsubscribe(line: Line): { success: true } {
    delete this.state.waba(line).subscriptions[line.appId];
    this.state.wabas.touch(line.wabaId);
    return { success: true };
  }
}
