import nx from '@nx/eslint-plugin';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Who may import whom. Arrows point one way: apps → inbox → channels | platform → db → contracts. */
const everyLib = ['lib:inbox', 'lib:channels', 'lib:platform', 'lib:db', 'lib:contracts'];
const layers = {
  'app:api': everyLib,
  'app:worker': everyLib,
  'app:web': ['lib:client', 'lib:contracts'],
  'app:simulator': [],
  'app:chaos': [...everyLib, 'lib:testing'],
  'app:bench': [...everyLib, 'lib:testing'],
  'lib:inbox': ['lib:channels', 'lib:platform', 'lib:db', 'lib:contracts'],
  'lib:platform': ['lib:db', 'lib:contracts'],
  'lib:db': ['lib:contracts'],
  'lib:channels': ['lib:contracts'],
  'lib:client': ['lib:contracts'],
  'lib:contracts': [],
  'lib:testing': everyLib,
};
/** What packages a layer may not, or may only, use. */
const packages = {
  'app:api': { bannedExternalImports: ['drizzle-orm', 'postgres'] },
  'app:worker': { bannedExternalImports: ['drizzle-orm', 'postgres'] },
  'lib:channels': { bannedExternalImports: ['@nestjs/*', 'drizzle-orm', 'ioredis'] },
  'lib:client': { allowedExternalImports: [] },
  'lib:contracts': { allowedExternalImports: ['zod'] },
};

/** Tests of the server's layers may use `lib:testing`, which itself uses most of what they test. */
const testable = Object.keys(layers).filter((tag) => tag !== 'app:web' && tag !== 'app:simulator');

function boundaries({ inTests }) {
  const depConstraints = Object.entries(layers).map(([sourceTag, libs]) => ({
    sourceTag,
    onlyDependOnLibsWithTags: [sourceTag, ...libs, ...(inTests && testable.includes(sourceTag) ? ['lib:testing'] : [])],
    ...(!inTests && packages[sourceTag]),
  }));
  const ignoredCircularDependencies = inTests
    ? testable.map((tag) => [`@parley/${tag.split(':')[1]}`, '@parley/testing'])
    : [];
  const options = {
    depConstraints,
    ignoredCircularDependencies,
    enforceBuildableLibDependency: false,
    allow: ['../../../drizzle/meta/_journal.json'], // by which a program knows whether the database is as new as itself
  };
  return { '@nx/enforce-module-boundaries': ['error', options] };
}

const foreignQueries = {
  regex: '(^|/)\\.\\./(.*/)?[^./]+/[^/]+\\.queries$|^@parley/inbox/.*\\.queries$',
  message: 'Another slice is used through its service, never its queries.',
};
const environment = 'The environment is parsed once, in env.ts: import what it gives.';
/** The product's own name is the same everywhere. */
const untranslated = [
  'JSXText[value=/\\p{L}{2}/u]:not([value=/^\\s*Parley\\s*$/])',
  'JSXAttribute[name.name=/^(?:aria-label|alt|hint|label|placeholder|title)$/] > Literal[value=/\\p{L}{2}/u]',
].map((selector) => ({ selector, message: 'Words for people stand in messages/, in every language.' }));
const environmentImport = { name: 'node:process', importNames: ['env'], message: environment };

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/dist-faults',
      '**/.next',
      '**/next-env.d.ts',
      '**/test-results',
      '**/playwright-report',
      '.nx',
      '.parley',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['apps/**/*.{ts,tsx}', 'libs/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...boundaries({ inTests: false }),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafePromises: [{ from: 'package', package: 'fastify', name: 'SafePromiseLike' }] },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'off', // Nest reads constructor types at run time
      'no-restricted-imports': ['error', { patterns: [foreignQueries], paths: [environmentImport] }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: environment }],
      'no-console': 'error', // logs go through pino, which redacts
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', '**/e2e/**/*.ts', 'libs/testing/**/*.ts'],
    rules: { ...boundaries({ inTests: true }), 'no-console': 'off' },
  },
  {
    // The places that read the environment, or print before there is a logger.
    files: [
      'libs/platform/src/env.ts',
      'apps/*/src/env.ts',
      'apps/*/*.config.ts',
      'apps/web/e2e/**',
      'libs/testing/**',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-properties': 'off', 'no-console': 'off' },
  },
  {
    files: ['apps/{chaos,bench}/**'], // commands: they print
    rules: { 'no-console': 'off' },
  },
  {
    files: ['libs/client/examples/**'], // programs of somebody else, who has the package
    rules: { '@nx/enforce-module-boundaries': 'off', 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['apps/web/src/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'no-restricted-properties': 'off', // Next replaces NODE_ENV while it builds: there it is a constant
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ":not(MemberExpression[property.name='NODE_ENV']) > MemberExpression[object.name='process'][property.name='env']",
          message: environment,
        },
        ...untranslated,
      ],
    },
  },
  { files: ['apps/simulator/**'], rules: { 'no-console': 'off' } }, // holds no data of real people
);
