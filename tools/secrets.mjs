import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Failure } from './console.mjs';
import { inState, stateDir } from './paths.mjs';

const file = inState('secrets');

/**
 * The secrets of this installation, made once and kept in `.parley/secrets` for its owner alone. Losing the file means
 * losing the stored provider credentials. What the environment gives goes first and is not written down.
 */
export function loadSecrets({ demo }) {
  const kept = readKept();
  if (!kept && fs.existsSync(inState('postgres')))
    throw new Failure(`${file} is gone, but the database it belongs to is there. Put it back, or remove ${stateDir}.`);
  const secrets = { ...makeSecrets({ demo }), ...kept };
  if (Object.keys(secrets).length !== Object.keys(kept ?? {}).length) write(secrets);
  fs.chmodSync(file, 0o600);
  const used = Object.fromEntries(Object.entries(secrets).filter(([name]) => demo || !ofProviders.includes(name)));
  return { ...used, ...given(Object.keys(used)) };
}

/** Meta and Slack give these, for an app of one's own there. Made up, they make a real number look connected that never hears a call. */
const ofProviders = [
  'CLOUD_API_APP_SECRET',
  'CLOUD_API_VERIFY_TOKEN',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_SIGNING_SECRET',
];

/** A set nobody keeps, for runs on throw-away data. `demo`: the simulator plays the providers, so their secrets are made as well. */
export function makeSecrets({ demo }) {
  const keyId = `k${randomBytes(3).toString('hex')}`;
  return {
    AUTH_SECRET: secret(),
    CREDENTIALS_KEYS: JSON.stringify({ [keyId]: randomBytes(32).toString('base64') }),
    CREDENTIALS_KEY_ID: keyId,
    METRICS_TOKEN: secret(),
    POSTGRES_PASSWORD: secret(),
    REDIS_PASSWORD: secret(),
    ...(demo && {
      CLOUD_API_APP_SECRET: randomBytes(16).toString('hex'), // 32 hex digits, as Meta's are
      CLOUD_API_VERIFY_TOKEN: secret(),
      SLACK_CLIENT_ID: `${randomBytes(5).readUIntBE(0, 5)}.${randomBytes(5).readUIntBE(0, 5)}`,
      SLACK_CLIENT_SECRET: randomBytes(16).toString('hex'),
      SLACK_SIGNING_SECRET: randomBytes(16).toString('hex'),
    }),
  };
}

const secret = () => randomBytes(32).toString('base64url');

function readKept() {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Failure(`${file} cannot be read: ${error.message}`);
  }
}

/** Written whole or not at all: half a file would lock us out of our own data. */
function write(secrets) {
  fs.mkdirSync(stateDir, { recursive: true });
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

/** What the environment says about the apps' secrets. The services' passwords belong to the data in this folder. */
function given(names) {
  const ours = names.filter((name) => process.env[name] && !name.endsWith('_PASSWORD'));
  return Object.fromEntries(ours.map((name) => [name, process.env[name]]));
}

// `node tools/secrets.mjs [--demo] > .env` makes a set for docker-compose.yml.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const made = makeSecrets({ demo: process.argv.includes('--demo') });
  for (const [name, value] of Object.entries(made)) console.log(`${name}='${value}'`);
}
