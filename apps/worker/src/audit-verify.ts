import { verifyAudit } from '@parley/inbox/audit/audit-verifier';
import { AuditChain } from '@parley/platform/audit-chain';
import { loadEnv } from '@parley/platform/env';
import { steadyPool } from '@parley/platform/steady-pool';

/** Prints what is not as it was written, one line each. Ends with 1 when there is any. */
const { DATABASE_URL, DATABASE_URL_PLATFORM: url, CREDENTIALS_KEYS, CREDENTIALS_KEY_ID } = loadEnv();
const platform = steadyPool(DATABASE_URL, 'parley_platform', { max: 1, ...(url ? { url } : {}) });
const { chains, rows, tamperings } = await verifyAudit(platform, new AuditChain(CREDENTIALS_KEYS, CREDENTIALS_KEY_ID));
for (const { chain, seq, what, detail } of tamperings) process.stdout.write(`${chain} ${seq} ${what}: ${detail}\n`);
process.stdout.write(`audit log: ${rows} entries in ${chains} chains, ${tamperings.length} not as they were written\n`);
await platform.close();
process.exitCode = tamperings.length ? 1 : 0;
