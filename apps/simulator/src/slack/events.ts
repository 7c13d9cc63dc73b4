import { createHmac, randomUUID } from 'node:crypto';
import { randomHex } from '../world/ids';
import type { About, WebhookEntry } from '../world/journal';
import type { RetryPolicy } from '../world/webhooks';
import { ControlError } from '../provider';
import type { State, Workspace } from './state';
import { workspaceKey } from './state';

const TIMEOUT_MS = 3_000;
const REASONS = { none: 'http_timeout', answered: 'http_error' };

export interface Telling {
  about?: About[];
  copies?: number;
  unheard?: boolean;
}

type Signature = 'good' | 'bad' | 'missing' | 'stale' | 'future';

/** Slack's way of telling: signed afresh for each try, three more of them, at the app's address or at its own for the workspace. */
export class SlackEvents {
  constructor(private readonly state: State) {}

  /** Every event that the app hears of. Resolves once it was taken, or given up. */
  emit(workspace: Workspace, event: { type: string } & Record<string, unknown>, telling: Telling = {}): Promise<void> {
    const seconds = this.state.world.clock.nowSeconds();
    const body = {
      token: 'legacy',
      team_id: workspace.teamId,
      api_app_id: workspace.appId,
      event,
      type: 'event_callback',
      event_id: `Ev${randomHex(10)}`,
      event_time: seconds,
      event_context: `4-${randomUUID()}`,
      is_ext_shared_channel: false,
      context_team_id: workspace.teamId,
      context_enterprise_id: null,
      authorizations: [
        {
          enterprise_id: null,
          team_id: workspace.teamId,
          user_id: workspace.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
    };
    return this.send(workspace, 'events', JSON.stringify(body), { event: event.type, ...telling });
  }

  /** What people do with buttons, shortcuts and modals. */
  interaction(workspace: Workspace, payload: Record<string, unknown>, telling: Telling = {}): Promise<void> {
    const body = new URLSearchParams({
      payload: JSON.stringify({
        api_app_id: workspace.appId,
        token: 'legacy',
        team: { id: workspace.teamId, domain: workspace.domain },
        is_enterprise_install: false,
        enterprise: null,
        ...payload,
      }),
    });
    return this.send(workspace, 'interactivity', body.toString(), { event: String(payload.type), ...telling });
  }

  command(workspace: Workspace, fields: Record<string, string>): Promise<void> {
    const known = {
      token: 'legacy',
      team_id: workspace.teamId,
      team_domain: workspace.domain,
      api_app_id: workspace.appId,
      is_enterprise_install: 'false',
    };
    return this.send(workspace, 'commands', new URLSearchParams({ ...known, ...fields }).toString(), {
      event: 'command',
    });
  }

  /** A body of one's own choice, signed as asked. */
  raw(workspace: Workspace, body: string, signature: Signature, headers: Record<string, string> = {}): Promise<void> {
    return this.send(workspace, 'events', body, { event: 'raw', signature, headers });
  }

  /** As Slack does when an address is entered for an app: the challenge must come back. */
  async verify(url: string, signingSecret: string): Promise<void> {
    const challenge = randomHex(40).toLowerCase();
    const body = JSON.stringify({ token: 'legacy', challenge, type: 'url_verification' });
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.signed(body, signingSecret, 'good') },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'manual',
    }).catch(() => undefined);
    const text = answer?.status === 200 ? await answer.text() : '';
    if (text !== challenge && !text.includes(`"challenge":"${challenge}"`))
      throw new ControlError(400, 'Your URL didn’t respond with the value of the challenge parameter');
  }

  resume(): void {
    const { journal, webhooks } = this.state.world;
    for (const entry of journal.unfinished('slack')) {
      const workspace = [...this.state.workspaces.values()].find((each) => entry.accounts.includes(workspaceKey(each)));
      if (workspace) void webhooks.resume(entry, this.policy(workspace, 'good'));
    }
  }

  /** `callback` and the app's address name the door for events; its neighbours stand beside it. */
  private send(
    workspace: Workspace,
    door: 'events' | 'interactivity' | 'commands',
    body: string,
    {
      event,
      signature = 'good',
      headers = {},
      about = [{ what: 'other', externalId: null, chat: null }],
      copies,
      unheard,
    }: Telling & { event: string; signature?: Signature; headers?: Record<string, string> },
  ): Promise<void> {
    const base = workspace.callback ?? this.state.app(workspace).eventsUrl;
    if (!base) return Promise.resolve(); // nobody has entered an address yet
    const form = door !== 'events';
    return this.state.world.webhooks.send(
      {
        accounts: [workspaceKey(workspace)],
        event,
        url: base.replace('/slack/events', `/slack/${door}`),
        headers: {
          'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
          'user-agent': 'Slackbot 1.0',
          ...headers,
        },
        body,
        about,
        ...(copies !== undefined && { copies }),
        ...(unheard && { unheard }),
      },
      this.policy(workspace, signature),
    );
  }

  private policy(workspace: Workspace, signature: Signature): RetryPolicy {
    const { retryMs } = workspace.settings;
    return {
      timeoutMs: TIMEOUT_MS,
      taken: (status) => status >= 200 && status < 300,
      final: () => false,
      endsBy: (headers) => headers['x-slack-no-retry'] === '1',
      delayAfter: (attempts) => retryMs[attempts - 1],
      headers: (entry) => ({
        ...this.signed(entry.body, this.state.app(workspace).signingSecret, signature),
        ...retried(entry),
      }),
    };
  }

  private signed(body: string, secret: string, signature: Signature): Record<string, string> {
    if (signature === 'missing') return {};
    const shift = { good: 0, bad: 0, stale: -400, future: 400 }[signature];
    const timestamp = String(this.state.world.clock.nowSeconds() + shift);
    const key = signature === 'bad' ? `${secret}x` : secret;
    const hmac = createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest('hex');
    return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hmac}` };
  }
}

function retried({ attempts }: WebhookEntry): Record<string, string> {
  if (!attempts.length) return {};
  const reason = attempts.at(-1)?.status == null ? REASONS.none : REASONS.answered;
  return { 'x-slack-retry-num': String(attempts.length), 'x-slack-retry-reason': reason };
}
