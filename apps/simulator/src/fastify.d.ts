import 'fastify';

declare module 'fastify' {
  interface FastifyReply {
    /** Id of the message that the call sent, for the journal. */
    externalId?: string;
    /** Key of the account that the call concerned, for the journal. */
    accountKey?: string;
  }
}
