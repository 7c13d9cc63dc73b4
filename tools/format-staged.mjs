// The pre-commit hook (`npm run hooks` switches it on): formats what is staged, and nothing else. What is in the working
// folder but not staged stays as it is.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as prettier from 'prettier';
import { inRoot, root } from './paths.mjs';

const git = (args, input) => execFileSync('git', args, { cwd: root, input, encoding: 'utf8', maxBuffer: 1 << 28 });

const staged = git(['diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR']).split('\0').filter(Boolean);
const formatted = [];
for (const file of staged) if (await format(file)) formatted.push(file);

// `git commit -- path` commits from an index of its own, and afterwards git would show our work as undone.
if (formatted.length && path.basename(process.env.GIT_INDEX_FILE ?? 'index') !== 'index') {
  console.error(`Formatted ${formatted.join(', ')}. Please commit again.`);
  process.exitCode = 1;
}

/** Whether there was something to change. The file itself follows if it is just what was staged. */
async function format(file) {
  const { ignored, inferredParser } = await prettier.getFileInfo(inRoot(file), {
    ignorePath: inRoot('.prettierignore'),
  });
  if (ignored || !inferredParser) return false;
  const before = git(['show', `:${file}`]);
  const after = await prettier.format(before, {
    ...(await prettier.resolveConfig(inRoot(file))),
    filepath: inRoot(file),
  });
  if (after === before) return false;
  const [mode] = git(['ls-files', '--stage', '--', file]).split(' ');
  const blob = git(['hash-object', '-w', '--stdin'], after).trim();
  git(['update-index', '--cacheinfo', `${mode},${blob},${file}`]);
  if (fs.readFileSync(inRoot(file), 'utf8') === before) fs.writeFileSync(inRoot(file), after);
  return true;
}
