/*
 * What a quiet moment brings to the inbox. Fetched as one: each by itself would bring once more what it shares with the
 * others, the outbox with the composer, the accounts' panel with those of the thread.
 */
export { OutboxKeeper } from '@/features/composer/use-outbox';
export { AccountsMenu } from './accounts-menu';
export { OpenConversation } from './open-conversation';
