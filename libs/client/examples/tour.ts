// A call of each kind, by a client of OAuth 2.0: the id of an API key, and the key.
//   PARLEY_URL=https://inbox.example.com PARLEY_CLIENT_ID=… PARLEY_CLIENT_SECRET=parley_… node tour.ts
import { createClient, routes } from '@parley/client';

const { PARLEY_URL: baseUrl, PARLEY_CLIENT_ID: clientId, PARLEY_CLIENT_SECRET: clientSecret } = process.env;
if (!baseUrl || !clientId || !clientSecret)
  throw new Error('Set PARLEY_URL, PARLEY_CLIENT_ID and PARLEY_CLIENT_SECRET.');
const client = createClient({ baseUrl, clientId, clientSecret });

// A write, which is done once, however often it has to be tried; its answer says where the events stand.
const { body: label, stamp } = await client.call(routes.createLabel, { body: { name: 'Returns' } });
console.log(`label made: ${label.name}, event ${stamp.seq}`);

// A list, to its end.
for await (const { title } of client.list(routes.listConversations, { query: { status: 'open', limit: 2 } }))
  console.log(`conversation: ${title}`);

// A file, for a message to be sent with.
const bytes = new Blob(['Monday to Friday, 9 to 18.\n']);
const fileId = await client.upload({ bytes, fileName: 'hours.txt', mimeType: 'text/plain' });
console.log(`file: ${fileId}`);

// An export, line by line.
for await (const thing of client.lines(routes.exportData, {})) console.log(`exported: ${thing.type}`);

// What happened since an answer; a stream that nobody reads any more ends.
for await (const event of client.events({ after: stamp.seq - 1 })) {
  console.log(`event: ${event.type}`);
  break;
}
