import { verifyAudit } from '@parley/inbox/audit/audit-verifier';
import { AuditChain } from '@parley/platform/audit-chain';
import { loadEnv } from '@parley/platform/env';
import { steadyPool } from '@parley/platform/steady-pool';

/** Prints where each chain ends, to be kept elsewhere, and what is not as it was written, one line each. Ends with 1 when there is any. */
const { DATABASE_URL, DATABASE_URL_PLATFORM: url, CREDENTIALS_KEYS, CREDENTIALS_KEY_ID } = loadEnv();
const platform = steadyPool(DATABASE_URL, 'parley_platform', { max: 1, ...(url ? { url } : {}) });
const { ends, rows, tamperings } = await verifyAudit(platform, new AuditChain(CREDENTIALS_KEYS, CREDENTIALS_KEY_ID));
for (const { chain, seq, hash } of ends) process.stdout.write(`${chain} ends with ${seq} ${hash}\n`);
for (const { chain, seq, what, detail } of tamperings) process.stdout.write(`${chain} ${seq} ${what}: ${detail}\n`);
process.stdout.write(
  `audit log: ${rows} entries in ${ends.length} chains, ${tamperings.length} not as they were written\n`,
);
await platform.close();
process.exitCode = tamperings.length ? 1 : 0;
