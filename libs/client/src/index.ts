/** What the package gives: the one list of it. */
export { createClient, type CallOptions, type Client, type ClientOptions } from './client';
export { routes } from './routes';
export { ApiError } from './api-error';
export type { Answer, CallInput, Stamp } from './call';
export type { StreamEvent } from './events';
export type { FileToUpload } from './upload';
export type { Account, Channel } from '@parley/contracts/accounts';
export type { Contact } from '@parley/contracts/contacts';
export type { Content, OutboundContent } from '@parley/contracts/content';
export type { Conversation } from '@parley/contracts/conversations';
export type { Label } from '@parley/contracts/labels';
export type { Member } from '@parley/contracts/members';
export type { Delivery, Message } from '@parley/contracts/messages';
export type { Permission } from '@parley/contracts/permissions';
export type { ErrorCode, Problem } from '@parley/contracts/problem';
export type { EphemeralEvent, RealtimeEvent, RealtimeEventType } from '@parley/contracts/realtime';
export type { Team } from '@parley/contracts/teams';
