import type { FastifyInstance } from 'fastify';

/** A form with files, as a client posted it. */
export class Multipart {
  constructor(
    readonly fields: Record<string, string>,
    readonly files: Record<string, { bytes: Buffer; mimeType: string; fileName: string }>,
  ) {}
}

/** Lets the routes of that scope take multipart bodies: their `request.body` is then a Multipart. */
export function acceptMultipart(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: { headers: Record<string, unknown> }, body: Buffer) => {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': String(request.headers['content-type']) },
      }).formData();
      const [fields, files]: [Multipart['fields'], Multipart['files']] = [{}, {}];
      for (const [name, value] of form.entries()) {
        if (typeof value === 'string') fields[name] = value;
        else
          files[name] = { bytes: Buffer.from(await value.arrayBuffer()), mimeType: value.type, fileName: value.name };
      }
      return new Multipart(fields, files);
    },
  );
}

/** JSON as lenient frameworks take it: an empty body is an empty object. */
export function acceptLenientJson(scope: FastifyInstance): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch (error) {
      done(error instanceof Error ? Object.assign(error, { statusCode: 400 }) : new Error('Bad JSON'), undefined);
    }
  });
}
