import { appendUpload } from '@parley/contracts/files';
import { FILE_PART } from '@parley/contracts/route';
import { setTenantSettings } from '@parley/contracts/tenant-settings';
import { AppError } from '@parley/platform/app-error';
import type { FastifyInstance } from 'fastify';

const MAX_DEPTH = 64;
const MAX_KEYS = 10_000;
/** Of a body that may hold a picture of 1 MB, which is a third more in JSON. */
const PICTURE_LIMIT_BYTES = 1.5 * 2 ** 20;

/**
 * Takes JSON, what is nested too deep or has too many parts refused before it is parsed; and parts of files, whose bytes are
 * left to the one handler that wants them.
 */
export function takeJsonAndFiles(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error'); // `__proto__` and `constructor` are refused
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    if (!isModest(body))
      return done(new AppError('bad_request', 'The JSON is nested too deep, or has too many parts.'), undefined);
    void parse(request, body, done);
  });
  fastify.addHook('onRoute', (route) => {
    if (route.url === `/api${setTenantSettings.path}`) route.bodyLimit = PICTURE_LIMIT_BYTES;
  });
  fastify.addContentTypeParser(FILE_PART, ({ routeOptions }, bytes, done) => {
    if (routeOptions.url === `/api${appendUpload.path}`) done(null, bytes);
    else done(new AppError('unsupported_media_type', 'Only application/json is taken here.'), undefined);
  });
}

/** Counts without parsing: brackets and commas outside of strings. */
export function isModest(json: string): boolean {
  let depth = 0;
  let parts = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const c = json.charCodeAt(i);
    if (quoted) {
      if (c === BACKSLASH) i++;
      else if (c === QUOTE) quoted = false;
    } else if (c === QUOTE) quoted = true;
    else if (c === COMMA) parts++;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) depth++;
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) depth--;
    if (depth > MAX_DEPTH || parts > MAX_KEYS) return false;
  }
  return true;
}

const [QUOTE, BACKSLASH, COMMA, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [34, 92, 44, 123, 125, 91, 93];
