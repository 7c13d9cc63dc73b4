import type { Env } from './env';
import type { FileStore } from './file-store';
import { LocalFiles } from './local-files';

/** The store that the operator chose. What S3 needs is loaded only where it is that. */
export async function openFiles(env: Env): Promise<FileStore> {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined) return new LocalFiles(env.FILES_DIR);
  const { S3Files } = await import('./s3-files');
  return new S3Files({
    bucket,
    region: env.S3_REGION,
    endpoint: env.S3_ENDPOINT ?? null,
    pathStyle: env.S3_PATH_STYLE ?? env.S3_ENDPOINT !== undefined,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
  });
}
