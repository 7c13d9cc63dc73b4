import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseEnv } from '../libs/platform/src/env.ts';
import { publicOrigin } from '../libs/platform/src/origins.ts';
import { nodeOptions } from './node-options.mjs';
import { inRoot } from './paths.mjs';
import { makeSecrets } from './secrets.mjs';

const text = fs.readFileSync(inRoot('docker-compose.yml'), 'utf8');
const { services, volumes } = parse(text, { merge: true });
const dockerfile = fs.readFileSync(inRoot('Dockerfile'), 'utf8');
const jobs = ['migrate', 'seed'];

it('has every part, the simulator and an S3 only on request', () => {
  const byDefault = Object.keys(services).filter((name) => !services[name].profiles);
  expect(byDefault.sort()).toEqual(['api', 'migrate', 'postgres', 'redis', 'web', 'worker']);
  expect(services.simulator.profiles).toEqual(['simulator']);
  expect(services.s3.profiles).toEqual(['s3']);
});

it('checks the health of everything that stays', () => {
  for (const [name, service] of Object.entries(services))
    expect(Boolean(service.healthcheck?.test), name).toBe(!jobs.includes(name));
});

it('waits only for what exists, and in a way that it can meet', () => {
  for (const { depends_on: needed = {} } of Object.values(services))
    for (const [name, { condition }] of Object.entries(needed))
      expect(condition, name).toBe(jobs.includes(name) ? 'service_completed_successfully' : 'service_healthy');
});

it('names only volumes and build targets that exist', () => {
  for (const { volumes: mounts = [], build } of Object.values(services)) {
    for (const mount of mounts) expect(volumes).toHaveProperty(mount.split(':')[0]);
    if (build) expect(dockerfile).toMatch(new RegExp(`^FROM .* AS ${build.target}$`, 'm'));
  }
});

it('copies every workspace’s manifest before it installs', () => {
  for (const group of ['apps', 'libs'])
    for (const name of fs.readdirSync(inRoot(group)))
      expect(dockerfile).toContain(`COPY ${group}/${name}/package.json ${group}/${name}/`);
});

it('tells Node the same as `npm start` does', () => {
  expect(dockerfile).toContain(` NODE_OPTIONS=${nodeOptions}\n`);
});

it('has no default for a secret', () => {
  const secret = /SECRET|PASSWORD|TOKEN|KEY/;
  for (const [, name, rest] of text.matchAll(/(?<!\$)\$\{(\w+)([^}]*)\}/g))
    if (secret.test(name)) expect(rest, name).toMatch(/^:\?|^:-$/);
});

it.each(['api', 'worker', 'seed'])('gives %s an environment that it accepts', (name) => {
  const given = { ...makeSecrets({ demo: false }), PUBLIC_URL: 'https://inbox.example.com' };
  expect(() => parseEnv(resolve(services[name].environment, given))).not.toThrow();
});

it.each(['api', 'worker', 'seed'])('gives %s of the demo one as well', (name) => {
  const given = { ...makeSecrets({ demo: true }), PARLEY_DEMO: '1', EGRESS_ALLOW: 'api:3110' };
  expect(() => parseEnv(resolve(services[name].environment, given))).not.toThrow();
});

it('tells the api where the worker’s health is', () => {
  const given = { ...makeSecrets({ demo: false }), PUBLIC_URL: 'https://inbox.example.com' };
  const [api, worker] = ['api', 'worker'].map((name) => parseEnv(resolve(services[name].environment, given)));
  expect(services).toHaveProperty(api.WORKER_HOST);
  expect(api.WORKER_PORT).toBe(worker.WORKER_PORT);
  expect(worker.WORKER_HOST).toBe('0.0.0.0'); // or nobody outside its container reaches it
});

it('lets the demo’s api and simulator find each other', () => {
  const given = { ...makeSecrets({ demo: true }), PARLEY_DEMO: '1', EGRESS_ALLOW: 'api:3110' };
  const api = parseEnv(resolve(services.api.environment, given));
  const { simulator, seed } = services;
  const { origin } = new URL(publicOrigin(api)); // providers are told to post there
  expect(simulator.network_mode).toBe('service:api'); // so this is the api for the simulator, not itself
  expect(simulator).not.toHaveProperty('ports'); // Compose refuses them there
  expect(simulator.environment.PARLEY_URL).toBe(origin);
  const { host } = new URL(simulator.environment.SIMULATOR_URL);
  expect(host).toBe(`api:${simulator.environment.SIMULATOR_PORT}`);
  expect(api.EGRESS_ALLOW.split(',')).toContain(host);
  for (const { environment } of [services.api, services.worker, seed])
    expect(environment.SIMULATOR_URL).toBe(simulator.environment.SIMULATOR_URL);
  expect(services.api.ports).toContain('127.0.0.1:3110:3110');
});

it('makes up what Meta and Slack give only where they are played', () => {
  const names = ['CLOUD_API_APP_SECRET', 'CLOUD_API_VERIFY_TOKEN', 'SLACK_CLIENT_SECRET', 'SLACK_SIGNING_SECRET'];
  for (const name of names) {
    expect(makeSecrets({ demo: false })).not.toHaveProperty(name);
    expect(makeSecrets({ demo: true })).toHaveProperty(name);
    expect(text).not.toContain(`\${${name}:?`); // an install without an app at Meta is a whole one
  }
});

it('keeps files in its own S3 where its first lines are followed', () => {
  const said = Object.fromEntries(
    [...text.matchAll(/\b(S3_(?:BUCKET|ENDPOINT|ACCESS_KEY_ID))=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const given = {
    ...makeSecrets({ demo: false }),
    PUBLIC_URL: 'https://inbox.example.com',
    S3_SECRET_ACCESS_KEY: 'x',
    ...said,
  };
  for (const name of ['api', 'worker']) {
    const { S3_BUCKET, S3_ENDPOINT, S3_REGION } = parseEnv(resolve(services[name].environment, given));
    expect(services).toHaveProperty(new URL(S3_ENDPOINT).hostname);
    expect(services.s3.volumes).toEqual([`s3:/data/${S3_BUCKET}`]);
    expect(resolve(services.s3.environment, given)).toMatchObject({
      ROOT_ACCESS_KEY_ID: 'parley',
      VGW_REGION: S3_REGION,
    });
  }
});

describe('with monitoring', () => {
  const monitoring = fs.readFileSync(inRoot('docker-compose.monitoring.yml'), 'utf8');
  const more = parse(monitoring, { merge: true });

  it('adds to what is there, each of a version, healthy, and for this machine alone', () => {
    for (const [name, service] of Object.entries(more.services)) {
      expect(services).not.toHaveProperty(name);
      expect(service.image, name).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(service.healthcheck?.test, name).toBeTruthy();
      for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('mounts only what is there', () => {
    for (const { volumes: mounts = [] } of Object.values(more.services))
      for (const mount of mounts) {
        const [from] = mount.split(':');
        if (from.startsWith('./')) expect(fs.existsSync(inRoot(from)), mount).toBe(true);
        else expect(more.volumes).toHaveProperty(from);
      }
  });

  it('reads metrics of the services that tell them, where they listen, with the token that they ask for', () => {
    const { scrape_configs: jobs } = parse(fs.readFileSync(inRoot('monitoring/prometheus.yml'), 'utf8'));
    const given = { ...makeSecrets({ demo: false }), PUBLIC_URL: 'https://inbox.example.com' };
    const [api, worker] = ['api', 'worker'].map((name) => parseEnv(resolve(services[name].environment, given)));
    const ports = { api: api.API_PORT, worker: worker.WORKER_PORT };
    for (const {
      authorization,
      dns_sd_configs: [{ names, port }],
    } of jobs) {
      expect(port).toBe(ports[names[0]]);
      expect(authorization.credentials_file).toBe('/run/secrets/metrics_token');
    }
    expect(more.services.prometheus.secrets).toEqual(['metrics_token']);
    expect(more.secrets.metrics_token.environment).toBe('METRICS_TOKEN');
  });

  it('has no default for a secret', () => {
    expect(monitoring).toMatch(/PASSWORD: \$\{GRAFANA_PASSWORD:\?/);
  });
});

it('gives every process the time that it takes to end', () => {
  for (const name of ['api', 'worker']) expect(Number.parseInt(services[name].stop_grace_period)).toBeGreaterThan(10);
});

/** What Compose makes of `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
function resolve(environment, given) {
  const substitute = (_, name, fallback = '') => given[name] || fallback;
  const entries = Object.entries(environment).map(([name, value]) => [
    name,
    String(value).replace(/\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g, substitute),
  ]);
  return Object.fromEntries(entries);
}
