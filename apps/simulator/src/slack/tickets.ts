import { randomBytes } from 'node:crypto';
import type { State, Workspace } from './state';

const RESPONSE_USES = 5;
const RESPONSE_MS = 30 * 60_000;
const TRIGGER_MS = 3_000;

interface ResponseUrl {
  workspace: Workspace;
  channel: string;
  uses: number;
  until: number;
}

/** What an interaction hands the app for a while: an address to answer at, five times in half an hour, and a trigger for one modal within three seconds. */
export class Tickets {
  private readonly responses = new Map<string, ResponseUrl>();
  private readonly triggers = new Map<string, number>();

  constructor(private readonly state: State) {}

  issue(workspace: Workspace, channel: string): { trigger_id: string; response_url: string } {
    const { world } = this.state;
    const now = world.clock.now();
    const [key, trigger] = [randomBytes(12).toString('hex'), `111.222.${randomBytes(12).toString('hex')}`];
    this.responses.set(key, { workspace, channel, uses: 0, until: now + RESPONSE_MS });
    this.triggers.set(trigger, now + TRIGGER_MS);
    return { trigger_id: trigger, response_url: `${world.origin}/slack/actions/${workspace.teamId}/1/${key}` };
  }

  /** Where an answer goes; Slack's word for why it is not taken. */
  respond(key: string): Pick<ResponseUrl, 'workspace' | 'channel'> | 'used_url' | 'expired_url' {
    const known = this.responses.get(key);
    if (!known || known.until < this.state.world.clock.now()) return 'expired_url';
    if (known.uses >= RESPONSE_USES) return 'used_url';
    known.uses += 1;
    return known;
  }

  /** Counts once. Slack's word for why it does not. */
  pull(trigger: string | undefined): 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' | null {
    const until = this.triggers.get(trigger ?? '');
    if (until === undefined) return 'invalid_trigger_id';
    if (until === 0) return 'exchanged_trigger_id';
    if (until < this.state.world.clock.now()) return 'expired_trigger_id';
    this.triggers.set(trigger ?? '', 0);
    return null;
  }

  clear(): void {
    this.responses.clear();
    this.triggers.clear();
  }
}
