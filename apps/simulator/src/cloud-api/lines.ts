import { ControlError, type NewAccount } from '../provider';
import { digitsOf, hexOf, randomHex, randomPhone } from '../world/ids';
import { changeSettings, lifelikeSettings, quickSettings, type CommonSettings } from '../world/settings';
import { demoTemplates } from './demo-templates';
import { cloudDefaults, CloudSettings, PLATFORM_APP, tokenOf, type Line, type State } from './state';
import type { Templates } from './templates';

const demo = [
  { ref: 'acme-cloud-api', name: 'Acme', phone: '15550104001' },
  { ref: 'globex-cloud-api', name: 'Globex', phone: '15550104002' },
];

interface NewLine extends Pick<Line, 'ref' | 'name' | 'phone' | 'wabaId' | 'appId'> {
  /** Ids and token follow from it. */
  seed: string;
  demo: boolean;
  pace: CommonSettings;
  settings?: Record<string, unknown>;
}

/** How numbers, and the apps and businesses around them, come and go. */
export class Lines {
  constructor(
    private readonly state: State,
    private readonly templates: Templates,
  ) {}

  /** A number of its own business, unless it shares one; of the platform's app, unless it has its own. */
  create({ ref, name = ref, phone = randomPhone(), app, connected, sameBusinessAs, settings }: NewAccount): Line {
    const sibling = sameBusinessAs ? this.state.lines.get(sameBusinessAs) : undefined;
    if (sameBusinessAs && !sibling) throw new ControlError(404, `No account "${sameBusinessAs}"`);
    const appId = app === 'own' ? this.addApp(ref) : (sibling?.appId ?? PLATFORM_APP);
    const seed = `${ref} ${randomHex(12)}`;
    const wabaId = sibling?.wabaId ?? this.addWaba(seed, name);
    if (connected) this.subscribe(wabaId, appId);
    return this.add({ ref, name, phone, wabaId, appId, seed, demo: false, pace: quickSettings, settings });
  }

  /** The same ids and tokens each time, so that a Parley that knows them stays connected over a reset. */
  addDemo(): void {
    for (const { ref, name, phone } of demo) {
      if (this.state.lines.get(ref)) continue;
      const wabaId = this.addWaba(ref, name);
      this.subscribe(wabaId, PLATFORM_APP);
      this.add({ ref, name, phone, wabaId, appId: PLATFORM_APP, seed: ref, demo: true, pace: lifelikeSettings });
    }
  }

  /** Back to the demo's numbers, which keep where they are to call back. */
  reset(): void {
    const { lines, apps, wabas, templates, files } = this.state;
    const kept = [...lines.values()].filter((line) => line.demo);
    const subscriptions = kept.map((line) => this.state.waba(line).subscriptions);
    for (const line of [...lines.values()]) this.state.remove(line);
    for (const table of [apps, wabas, templates, files]) table.wipe();
    this.addDemo();
    for (const [at, { ref, overrides, callback }] of kept.entries()) {
      const line = lines.get(ref);
      if (line) Object.assign(this.state.waba(line), { subscriptions: subscriptions[at] });
      if (line) Object.assign(line, { overrides, callback });
    }
  }

  private add({ seed, pace, settings, ...known }: NewLine): Line {
    return this.state.add({
      ...known,
      provider: 'cloud-api',
      id: digitsOf(`number ${seed}`, 15),
      token: tokenOf(seed),
      status: 'CONNECTED',
      registered: true,
      quality: 'GREEN',
      overrides: {},
      settings: changeSettings(CloudSettings, { ...pace, ...cloudDefaults }, settings ?? {}),
    });
  }

  /** With the templates that all businesses start with. */
  private addWaba(seed: string, name: string): string {
    const id = digitsOf(`waba ${seed}`, 15);
    this.state.wabas.set(id, { id, name, portfolio: digitsOf(`portfolio ${seed}`, 15), subscriptions: {} });
    for (const template of demoTemplates(id)) this.templates.add(id, template);
    return id;
  }

  private addApp(ref: string): string {
    const id = digitsOf(`app ${ref} ${randomHex(8)}`, 15);
    const [secret, verifyToken] = [randomHex(32).toLowerCase(), hexOf(`verify ${id}`, 20)];
    this.state.apps.set(id, { id, name: `App of ${ref}`, secret, verifyToken, callbackUrl: null });
    return id;
  }

  private subscribe(wabaId: string, appId: string): void {
    const waba = this.state.wabas.get(wabaId);
    if (!waba) return;
    waba.subscriptions[appId] ??= {};
    this.state.wabas.touch(wabaId);
  }
}
