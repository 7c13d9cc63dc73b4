import { findProgram } from './debian-package.mjs';

/** Prometheus's own tool for rules: checks their syntax, and runs their tests. Returns `{ command, env }`. */
export function findPromtool() {
  return findProgram({
    title: 'promtool',
    names: ['promtool'],
    folder: 'prometheus-bin',
    packages: ['prometheus'],
    program: 'usr/bin/promtool',
    help: [
      'The alert rules are tested with promtool, and there is none. One of these gives it:',
      '  Debian, Ubuntu   sudo apt-get install prometheus',
      '  macOS            brew install prometheus',
    ].join('\n'),
  });
}
