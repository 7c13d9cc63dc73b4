import { nameFor } from '../world/names';
import { digitsOf, hexOf, randomHex } from '../world/ids';
import {
  allScopes,
  lifelike,
  PLATFORM_APP,
  quick,
  type Channel,
  type SlackSettings,
  type State,
  type User,
  type Workspace,
} from './state';

const demo = [
  { ref: 'acme-slack', name: 'Acme partners' },
  { ref: 'globex-slack', name: 'Globex partners' },
];

interface Wanted {
  ref?: string;
  name?: string;
  appId: string;
  installed: boolean;
  demo?: boolean;
  settings?: SlackSettings;
}

/** Makes workspaces, and the people and channels in them. Ids come from the ref, so that they are the same after a reset. */
export class Lines {
  constructor(private readonly state: State) {}

  add({
    ref = `acc-${randomHex(8).toLowerCase()}`,
    name,
    appId,
    installed,
    demo: isDemo = false,
    settings,
  }: Wanted): Workspace {
    const id = (kind: string, what: string) => `${kind}${hexOf(`${what} of ${ref}`, 10).toUpperCase()}`;
    const botUserId = id('U', 'bot');
    const bot: User = { id: botUserId, phone: '', name: 'parley', realName: 'Parley' };
    const admin: User = { id: id('U', 'admin'), phone: '', name: 'admin', realName: 'Workspace admin' };
    const token = { token: `xoxb-sim-${hexOf(`token of ${ref}`, 32)}`, scopes: allScopes };
    const support: Channel = {
      id: id('C', 'support'),
      name: 'support',
      isPrivate: false,
      isArchived: false,
      members: [botUserId, admin.id],
    };
    return this.state.workspaces.set(ref, {
      provider: 'slack',
      ref,
      name: name ?? `Workspace ${ref}`,
      phone: '',
      demo: isDemo,
      settings: settings ?? { ...quick },
      teamId: id('T', 'team'),
      domain: ref,
      appId,
      botUserId,
      botId: id('B', 'bot'),
      installed,
      tokens: installed ? [token] : [],
      users: [bot, admin],
      channels: [support],
      lastTsUs: 0,
      callback: null,
    });
  }

  /** The same tokens each time, so that a Parley that knows them stays connected over a reset. */
  addDemo(): void {
    for (const { ref, name } of demo) {
      if (this.state.workspaces.get(ref)) continue;
      this.add({ ref, name, appId: PLATFORM_APP, installed: true, demo: true, settings: { ...lifelike } });
    }
  }

  /** Somebody of the workspace, by an id of Slack's, or by a number or a name of the caller's. */
  user(workspace: Workspace, from: string, name?: string): User {
    const phone = from.replace(/\D/g, '');
    const isNumber = /^\+?[\d\s().-]{5,}$/.test(from);
    const id = /^[UW][A-Z0-9]{4,}$/.test(from)
      ? from
      : `U${hexOf(`${isNumber ? phone : from} in ${workspace.ref}`, 10).toUpperCase()}`;
    const known = workspace.users.find((user) => user.id === id);
    if (known) {
      if (name) Object.assign(known, { realName: name, name: handleOf(name) });
      return known;
    }
    const realName = name ?? nameFor(from);
    const user: User = { id, phone: isNumber ? phone : digitsOf(id, 11), name: handleOf(realName), realName };
    workspace.users.push(user);
    this.state.touch(workspace);
    return user;
  }

  /** A channel by id or name, made with the bot in it; whoever comes along is in it from then on. */
  channel(workspace: Workspace, wanted: string, member?: User): Channel {
    const name = wanted
      .replace(/^#/, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_-]+/gu, '-');
    const known = workspace.channels.find(
      (channel) => channel.id === wanted || (channel.direct === undefined && channel.name === name),
    );
    const channel = known ?? {
      id: `C${hexOf(`channel ${name} of ${workspace.ref}`, 10).toUpperCase()}`,
      name,
      isPrivate: false,
      isArchived: false,
      members: [workspace.botUserId],
    };
    if (!known) workspace.channels.push(channel);
    if (member && !channel.members.includes(member.id)) channel.members.push(member.id);
    this.state.touch(workspace);
    return channel;
  }

  direct(workspace: Workspace, user: User): Channel {
    const known = workspace.channels.find((channel) => channel.direct === user.id);
    if (known) return known;
    const id = `D${hexOf(`${user.id} of ${workspace.ref}`, 10).toUpperCase()}`;
    const channel: Channel = {
      id,
      name: '',
      isPrivate: true,
      isArchived: false,
      direct: user.id,
      members: [workspace.botUserId, user.id],
    };
    workspace.channels.push(channel);
    this.state.touch(workspace);
    return channel;
  }
}

const handleOf = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '.');
