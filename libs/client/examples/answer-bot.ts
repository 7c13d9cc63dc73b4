// Answers whoever asks for the opening hours, as they ask, until it is interrupted.
//   PARLEY_URL=https://inbox.example.com PARLEY_KEY=parley_… node answer-bot.ts
// The key needs the permissions inbox.read and inbox.write.
import { ApiError, createClient, routes } from '@parley/client';

const { PARLEY_URL: baseUrl, PARLEY_KEY: key } = process.env;
if (!baseUrl || !key) throw new Error('Set PARLEY_URL and PARLEY_KEY.');
const client = createClient({ baseUrl, key });

const stop = new AbortController();
process.on('SIGINT', () => stop.abort());

const { body: counts, stamp } = await client.call(routes.countConversations, {});
console.log(`watching ${counts.all} open conversations`);

for await (const event of client.events({ after: stamp.seq, signal: stop.signal })) {
  if (event.type === 'reset') console.warn('Some messages were missed: look at the open conversations.');
  if (event.type !== 'message.created' || event.message.direction !== 'inbound') continue;
  const { content, conversationId } = event.message;
  if (content.type !== 'text' || !/\bopen\b/i.test(content.text)) continue;
  try {
    const { body } = await client.call(
      routes.sendMessage,
      { body: { conversationId, content: { type: 'text', text: 'We are open from 9 to 18, Monday to Friday.' } } },
      { idempotencyKey: event.message.id }, // asked once, answered once, whatever happens to this program
    );
    console.log(`answered: ${body.messageId}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    console.error(`not answered: ${error.code}, ${error.message} (${error.correlationId})`);
  }
}
