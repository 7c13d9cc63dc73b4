/**
 * The few values of the contract that calls need. In the contract they stand among schemas, which would bring the
 * validator with them; a test holds them against it.
 */
export const CURSOR_HEADER = 'parley-cursor';
export const sseEvents = { ephemeral: 'ephemeral', reset: 'reset' } as const;
