import type { ProviderName } from '@parley/contracts/accounts';
import { cloudApiSample } from '../cloud-api/cloud-api.sample';
import { evolutionSample } from '../evolution/evolution.sample';
import { greenApiSample } from '../green-api/green-api.sample';
import { slackSample } from '../slack/slack.sample';
import type { Sample } from './sample';

/** One of every provider: without it a new one does not compile. */
export const samples: Record<ProviderName, Sample> = {
  evolution: evolutionSample,
  'cloud-api': cloudApiSample,
  'green-api': greenApiSample,
  slack: slackSample,
};
