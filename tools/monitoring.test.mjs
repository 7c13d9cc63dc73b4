import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Env } from '../libs/platform/src/env.ts';
import { Metrics } from '../libs/platform/src/metrics.ts';
import { inRoot } from './paths.mjs';
import { findPromtool } from './promtool.mjs';

const read = (...parts) => fs.readFileSync(inRoot(...parts), 'utf8');
const listed = (...parts) => fs.readdirSync(inRoot(...parts));
const monitoring = (...parts) => inRoot('monitoring', ...parts);

const ruleFiles = listed('monitoring', 'rules');
const rules = ruleFiles.flatMap((file) => parse(read('monitoring/rules', file)).groups.flatMap(({ rules }) => rules));
const alerts = rules.filter(({ alert }) => alert);
const dashboards = listed('monitoring/grafana/dashboards').map((file) => ({
  file,
  ...JSON.parse(read('monitoring/grafana/dashboards', file)),
}));
const panels = dashboards.flatMap((dashboard) => dashboard.panels.filter(({ type }) => type !== 'row'));
const shown = panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
const expressions = [...rules.map(({ expr }) => expr), ...shown.map(({ expr }) => expr)];

describe('with Prometheus’s own tool', () => {
  let promtool;
  beforeAll(async () => {
    const { command, env } = await findPromtool();
    const run = promisify(execFile);
    promtool = (...args) =>
      run(command, args, { env: { ...process.env, ...env } }).catch((error) => ({
        failed: error.stdout + error.stderr,
      }));
  }, 180_000);

  it('every rule fires for what it is there for, and not just before', async () => {
    const tests = listed('monitoring').filter((file) => file.endsWith('.test.yml'));
    expect(await promtool('test', 'rules', ...tests.map((file) => monitoring(file)))).not.toHaveProperty('failed');
  }, 60_000);

  it('Prometheus would start with this configuration', async () => {
    const files = ruleFiles.map((file) => monitoring('rules', file));
    expect(await promtool('check', 'rules', ...files)).not.toHaveProperty('failed');
    expect(await promtool('check', 'config', '--syntax-only', monitoring('prometheus.yml'))).not.toHaveProperty(
      'failed',
    );
    expect(
      parse(read('monitoring/prometheus.yml'))
        .rule_files.map((file) => path.basename(file))
        .sort(),
    ).toEqual(ruleFiles.sort());
  }, 60_000);

  it('what the dashboards ask is PromQL', async () => {
    const asRules = shown.map(({ expr }, i) => ({
      record: `panel_${i}`,
      expr: expr.replaceAll('$__rate_interval', '1m'),
    }));
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-dashboards-')), 'panels.json');
    fs.writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: asRules }] }));
    expect(await promtool('check', 'rules', file)).not.toHaveProperty('failed');
    fs.rmSync(path.dirname(file), { recursive: true });
  }, 60_000);
});

describe('what is asked for', () => {
  const metrics = new Map(new Metrics().registry.getMetricsAsArray().map((metric) => [metric.name, metric]));
  const recorded = new Set(rules.map(({ record }) => record).filter(Boolean));
  const metricOf = (name) => metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''));
  const asked = expressions.flatMap((expr) => [...expr.matchAll(/\b(parley[_:][\w:]+)(?:\{([^}]*)\})?/g)]);

  it('is told by api and worker, or recorded', () => {
    const unknown = asked.map(([, name]) => name).filter((name) => !recorded.has(name) && !metricOf(name));
    expect(unknown).toEqual([]);
  });

  it('is asked for by labels that it has', () => {
    for (const [, name, matchers = ''] of asked) {
      const metric = metricOf(name);
      const labels = [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label);
      for (const label of labels)
        expect([...(metric?.labelNames ?? ['door']), 'le', 'job', 'instance'], `${name}{${label}}`).toContain(label);
    }
  });

  it('is all that we count: nothing is counted for nobody', () => {
    const used = new Set(asked.map(([, name]) => metricOf(name)?.name));
    const ours = [...metrics.keys()].filter((name) => !/^parley_(nodejs|process)_/.test(name));
    expect(ours.filter((name) => !used.has(name))).toEqual([]);
  });
});

it('no page names a metric or a variable that is not there', () => {
  const pages = ['docs/operations.md', ...listed('docs/runbooks').map((file) => `docs/runbooks/${file}`)].map((file) =>
    read(file),
  );
  const names = new Set(new Metrics().registry.getMetricsAsArray().map(({ name }) => name));
  const told = pages.flatMap((page) => [...page.matchAll(/\bparley_[a-z0-9_]+[a-z0-9]/g)].map(([name]) => name));
  const roles = ['parley_worker', 'parley_eraser'];
  expect(
    told.filter(
      (name) => !names.has(name.replace(/_(bucket|sum|count)$/, '')) && !names.has(name) && !roles.includes(name),
    ),
  ).toEqual([]);
  const variables = pages.flatMap((page) => [...page.matchAll(/`([A-Z][A-Z]+_[A-Z_]+)\b/g)].map(([, name]) => name));
  expect(variables.filter((name) => !(name in Env.shape))).toEqual([]);
  expect(told.length).toBeGreaterThan(20);
});

describe('every alert', () => {
  const pageOf = (alert) =>
    `${alert
      .replace(/^Parley/, '')
      .replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`)
      .toLowerCase()}.md`;

  it('says how urgent it is, what happened, and which page to open', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(['critical', 'warning', 'info'], alert).toContain(labels.severity);
      expect(Object.keys(annotations), alert).toEqual(['summary', 'description', 'runbook_url']);
      expect(annotations.runbook_url).toBe(`{{ $externalLabels.runbooks }}/${pageOf(alert)}`);
    }
  });

  it('has a page that says what it means, how to look and what to do; and no page is without one', () => {
    const pages = listed('docs/runbooks').filter((file) => file !== 'README.md');
    expect(pages.sort()).toEqual(alerts.map(({ alert }) => pageOf(alert)).sort());
    for (const page of pages)
      expect(
        [...read('docs/runbooks', page).matchAll(/^#+ (.+)$/gm)].slice(1).map(([, title]) => title),
        page,
      ).toEqual(['What it means', 'How to look', 'What to do']);
  });

  it('is seen firing by a test', () => {
    const tests = listed('monitoring')
      .filter((file) => file.endsWith('.test.yml'))
      .flatMap((file) => parse(read('monitoring', file)).tests);
    const fired = tests.flatMap(({ promql_expr_test = [], alert_rule_test = [] }) => [
      ...promql_expr_test.flatMap(({ exp_samples }) =>
        exp_samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1]),
      ),
      ...alert_rule_test.filter(({ exp_alerts }) => exp_alerts.length).map(({ alertname }) => alertname),
    ]);
    expect(alerts.map(({ alert }) => alert).filter((alert) => !fired.includes(alert))).toEqual([]);
  });
});

describe('every dashboard', () => {
  const [{ uid }] = parse(read('monitoring/grafana/provisioning/datasources/prometheus.yml')).datasources;

  it('asks the source that is provisioned, and explains each panel', () => {
    for (const { title, description, datasource, targets } of panels) {
      expect(description, title).toBeTruthy();
      expect(
        [datasource, ...targets.map((target) => target.datasource)].map((source) => source.uid),
        title,
      ).toEqual(Array(targets.length + 1).fill(uid));
    }
  });

  it('has its panels side by side, each with an id of its own', () => {
    for (const { panels, file } of dashboards) {
      expect(new Set(panels.map(({ id }) => id)).size, file).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
      );
      expect(new Set(cells).size, file).toBe(cells.length);
      for (const { gridPos, title } of panels) expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    }
  });
});
