import { cloudApi } from './cloud-api/cloud-api';
import { evolution } from './evolution/evolution';
import { greenApi } from './green-api/green-api';
import type { ProviderFactory } from './provider';
import { slack } from './slack/slack';

/** Every provider that can be played. A new one is a folder and a line here. */
export const providers: ProviderFactory[] = [evolution, cloudApi, greenApi, slack];
