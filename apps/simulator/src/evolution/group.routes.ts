import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Chat } from '../world/chats';
import { badRequest, notFound } from './errors';
import { instanceRoute } from './guard';
import { groupInfo } from './groups';
import type { Instance } from './instance';
import type { Server } from './server';

/** Groups that the instance's number is a member of. */
export function groupRoutes(scope: FastifyInstance, server: Server): void {
  instanceRoute(scope, server, ['GET', '/group/fetchAllGroups'], (instance, { request }) => {
    const { getParticipants } = request.query as { getParticipants?: string };
    if (getParticipants === undefined) throw badRequest('The getParticipants needs to be informed in the query');
    const groups = [...server.world.chats.of(instance)].filter((chat) => chat.group);
    return groups.map((chat) => groupInfo(server, instance, chat, getParticipants === 'true'));
  });
  instanceRoute(scope, server, ['GET', '/group/findGroupInfos'], (instance, { request }) =>
    groupInfo(server, instance, groupOf(server, instance, request), true),
  );
  instanceRoute(scope, server, ['GET', '/group/participants'], (instance, { request }) => {
    const { participants } = groupInfo(server, instance, groupOf(server, instance, request), true);
    return { participants };
  });
}

function groupOf(server: Server, instance: Instance, request: FastifyRequest): Chat {
  const { groupJid } = request.query as { groupJid?: string };
  if (!groupJid) throw badRequest('The group id needs to be informed in the query');
  const chat = server.world.chats.find(instance, groupJid);
  if (!chat?.group) throw notFound('Group not found');
  return chat;
}
