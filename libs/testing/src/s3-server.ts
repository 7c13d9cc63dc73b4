import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { S3Settings } from '@parley/platform/s3-files';
import { wrongSignature } from './s3-signature';

export interface S3Call {
  method: string;
  /** Empty: the bucket itself. */
  key: string;
  query: URLSearchParams;
}
interface Upload {
  key: string;
  begunAt: Date;
  parts: Map<number, { etag: string; bytes: Buffer }>;
}

export interface S3Server {
  settings: S3Settings;
  /** What tells api and worker of it. */
  env: Record<string, string>;
  /** What is in the bucket. */
  objects: Map<string, Buffer>;
  /** What was begun and neither completed nor aborted. */
  uploads: Map<string, Upload>;
  /** Asked before each call that is signed well: a promise holds it up, a code refuses it with 503, `cut` ends its connection, `stall` answers half. */
  before(by: (call: S3Call) => string | undefined | Promise<string | undefined>): void;
  /** Answers that stand still in the midst of an object, while somebody listens to them. */
  stalled: Set<unknown>;
  close(): Promise<void>;
}

const BUCKET = 'parley-files';
const LEAST_PART_BYTES = 5 * 2 ** 20;
/** Of every list: S3 itself gives a thousand, and whoever does not ask for the next loses what it has. */
const PAGE = 2;

/** What S3 refuses, by its own code. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/**
 * A strict S3 of one bucket, in memory, for the calls that Parley makes: each must be signed (Signature Version 4, the body's
 * hash included), parts must be as large as S3 wants them, in order and by their tags, lists come in small pages, and all else is
 * `NotImplemented`. Its limits: no versions, no access rules, no TLS, no addresses with the bucket as host, and none of the
 * ways in which a real one is slow or late.
 */
export async function startS3(): Promise<S3Server> {
  const credentials = { accessKeyId: 'AKPARLEYTEST', secretAccessKey: randomBytes(20).toString('base64') };
  const region = 'eu-test-1';
  const [objects, uploads] = [new Map<string, Buffer>(), new Map<string, Upload>()];
  const bucket = bucketOf(objects, uploads);
  const stalled = new Set<ServerResponse>();
  let before: Parameters<S3Server['before']>[0] = () => undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const wrong = wrongSignature(request, body, { ...credentials, region });
    if (wrong) throw new Refusal(403, wrong);
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, name, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (name !== BUCKET) throw new Refusal(404, 'NoSuchBucket');
    const call = { method: request.method ?? '', key: rest.join('/'), query: url.searchParams };
    const trouble = await before(call);
    if (trouble === 'cut') return void request.socket.destroy();
    if (trouble === 'stall') return stall(objects.get(call.key), response, stalled);
    if (trouble) throw new Refusal(503, trouble);
    bucket(call, { body, range: request.headers.range }, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, code } = error instanceof Refusal ? error : new Refusal(500, 'InternalError');
      if (!response.destroyed) say(response, status, `<Error><Code>${code}</Code></Error>`, request.method === 'HEAD');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  return {
    settings: { bucket: BUCKET, region, endpoint, pathStyle: true, credentials },
    env: {
      S3_BUCKET: BUCKET,
      S3_ENDPOINT: endpoint,
      S3_REGION: region,
      S3_ACCESS_KEY_ID: credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    objects,
    uploads,
    stalled,
    before: (by) => void (before = by),
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

type Handler = (call: S3Call, sent: { body: Buffer; range: string | undefined }, response: ServerResponse) => void;

/** Which call it is shows in its method, in whether it names a key, and in its query. */
function bucketOf(objects: S3Server['objects'], uploads: S3Server['uploads']): Handler {
  const uploadOf = ({ key, query }: S3Call) => {
    const upload = uploads.get(query.get('uploadId') ?? '');
    if (upload?.key !== key) throw new Refusal(404, 'NoSuchUpload');
    return upload;
  };
  const handlers: Record<string, Handler> = {
    'HEAD bucket': (_call, _sent, response) => response.writeHead(200).end(),
    'GET bucket list-type prefix': listObjects(objects),
    'GET bucket uploads': listUploads(uploads),
    'PUT key': ({ key }, { body }, response) => {
      objects.set(key, body);
      response.writeHead(200, { etag: tagOf(body) }).end();
    },
    'GET key': ({ key }, { range }, response) => serve(objects.get(key), range, response),
    'HEAD key': ({ key }, _sent, response) => {
      const bytes = objects.get(key);
      if (!bytes) throw new Refusal(404, 'NotFound');
      response.writeHead(200, { 'content-length': bytes.byteLength }).end();
    },
    'DELETE key': ({ key }, _sent, response) => {
      objects.delete(key);
      response.writeHead(204).end();
    },
    'POST key uploads': ({ key }, _sent, response) => {
      const id = randomBytes(24).toString('base64url');
      uploads.set(id, { key, begunAt: new Date(), parts: new Map() });
      say(response, 200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    },
    'PUT key partNumber uploadId': (call, { body }, response) => {
      const etag = tagOf(body);
      uploadOf(call).parts.set(Number(call.query.get('partNumber')), { etag, bytes: body });
      response.writeHead(200, { etag }).end();
    },
    'GET key uploadId': (call, _sent, response) => listParts(uploadOf(call), call, response),
    'POST key uploadId': (call, { body }, response) => {
      const whole = joinParts(uploadOf(call), body.toString());
      objects.set(call.key, whole);
      uploads.delete(call.query.get('uploadId') ?? '');
      say(response, 200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
    },
    'DELETE key uploadId': (call, _sent, response) => {
      uploadOf(call);
      uploads.delete(call.query.get('uploadId') ?? '');
      response.writeHead(204).end();
    },
  };
  const passing = new Set(['x-id', 'continuation-token', 'part-number-marker', 'key-marker', 'upload-id-marker']);
  return (call, sent, response) => {
    const query = [...call.query.keys()].filter((name) => !passing.has(name)).sort();
    const handler = handlers[[call.method, call.key ? 'key' : 'bucket', ...query].join(' ')];
    if (!handler) throw new Refusal(501, 'NotImplemented');
    handler(call, sent, response);
  };
}

function serve(bytes: Buffer | undefined, range: string | undefined, response: ServerResponse): void {
  if (!bytes) throw new Refusal(404, 'NoSuchKey');
  if (range === undefined) return void response.writeHead(200, { 'content-length': bytes.byteLength }).end(bytes);
  const [, start = '', end = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (start === '' || Number(start) >= bytes.byteLength) throw new Refusal(416, 'InvalidRange');
  const part = bytes.subarray(Number(start), Number(end) + 1);
  const where = `bytes ${start}-${Number(start) + part.byteLength - 1}/${bytes.byteLength}`;
  response.writeHead(206, { 'content-length': part.byteLength, 'content-range': where }).end(part);
}

function stall(bytes: Buffer | undefined, response: ServerResponse, stalled: Set<ServerResponse>): void {
  if (!bytes) throw new Refusal(404, 'NoSuchKey');
  response.writeHead(200, { 'content-length': bytes.byteLength }).write(bytes.subarray(0, bytes.byteLength / 2));
  stalled.add(response);
  response.once('close', () => stalled.delete(response));
}

const listObjects =
  (objects: S3Server['objects']): Handler =>
  ({ query }, _sent, response) => {
    const prefix = query.get('prefix') ?? '';
    const from = query.get('continuation-token') ?? '';
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > from).sort();
    const next = keys.length > PAGE ? `<NextContinuationToken>${keys[PAGE - 1]}</NextContinuationToken>` : '';
    const items = keys.slice(0, PAGE).map((key) => `<Contents><Key>${key}</Key></Contents>`);
    say(response, 200, page('ListBucketResult', items, next, next !== ''));
  };

const listUploads =
  (uploads: S3Server['uploads']): Handler =>
  ({ query }, _sent, response) => {
    const from = `${query.get('key-marker') ?? ''} ${query.get('upload-id-marker') ?? ''}`;
    const all = [...uploads].map(([id, { key, begunAt }]) => ({ id, key, begunAt, at: `${key} ${id}` }));
    const left = all.filter(({ at }) => at > from).sort((a, b) => (a.at < b.at ? -1 : 1));
    const items = left.slice(0, PAGE);
    const last = items.at(-1);
    const next = last
      ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
      : '';
    const texts = items.map(
      ({ id, key, begunAt }) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated></Upload>`,
    );
    say(response, 200, page('ListMultipartUploadsResult', texts, next, left.length > PAGE));
  };

function listParts({ parts }: Upload, { query }: S3Call, response: ServerResponse): void {
  const from = Number(query.get('part-number-marker') ?? 0);
  const left = [...parts].filter(([number]) => number > from).sort(([a], [b]) => a - b);
  const items = left.slice(0, PAGE);
  const next = `<NextPartNumberMarker>${items.at(-1)?.[0] ?? 0}</NextPartNumberMarker>`; // of the last page too, as real ones do
  const texts = items.map(
    ([number, { etag, bytes }]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag><Size>${bytes.byteLength}</Size></Part>`,
  );
  say(response, 200, page('ListPartsResult', texts, next, left.length > PAGE));
}

/** Those that the call names, in its order. */
function joinParts({ parts }: Upload, text: string): Buffer {
  const named = [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: /<ETag>(.*?)<\/ETag>/.exec(part)?.[1]?.replaceAll('&quot;', '"'),
  }));
  if (!named.length) throw new Refusal(400, 'MalformedXML');
  const bytes = named.map(({ number, etag }, index) => {
    if (number <= (named[index - 1]?.number ?? 0)) throw new Refusal(400, 'InvalidPartOrder');
    const part = parts.get(number);
    if (!part || part.etag !== etag) throw new Refusal(400, 'InvalidPart');
    if (index < named.length - 1 && part.bytes.byteLength < LEAST_PART_BYTES) throw new Refusal(400, 'EntityTooSmall');
    return part.bytes;
  });
  return Buffer.concat(bytes);
}

function page(name: string, items: string[], next: string, hasMore: boolean): string {
  return `<${name}><IsTruncated>${hasMore}</IsTruncated>${next}${items.join('')}</${name}>`;
}

function say(response: ServerResponse, status: number, xml: string, isHead = false): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(isHead ? undefined : `<?xml version="1.0" encoding="UTF-8"?>${xml}`);
}

const tagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;
