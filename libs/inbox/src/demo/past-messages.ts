import { textOf } from '../messages/preview';
import type { Line, Script } from './demo-script';
import type { PastMessage } from './simulator-control';
import { idsOf, reached } from './thread-rows';

/** A script as the customers' phones show it, with what they answer next. */
export function pastOf(script: Script, accountId: string, nowMs: number): PastMessage[] {
  const ids = idsOf(script, accountId);
  const past = script.lines.flatMap((line, i): PastMessage[] => {
    if (!reached(line) || line.deleted) return [];
    const person = whoOf(script, line);
    const at = nowMs - line.ago * 60_000;
    const quoted = line.quotes === undefined ? -1 : script.lines.findIndex((other) => other.key === line.quotes);
    const ours = line.by !== 'customer';
    const status = line.status === 'delivered' || line.status === 'sent' ? line.status : 'read';
    const message: PastMessage = {
      ...person,
      ...kindOf(line),
      at: new Date(at).toISOString(),
      direction: ours ? 'outbound' : 'inbound',
      externalId: ids.external(i),
      status,
      ...(quoted >= 0 && { replyTo: ids.external(quoted) }),
    };
    return [message, ...reactionsTo(line, message)];
  });
  const first = past[0];
  if (first) first.answers = script.answers;
  return past;
}

function whoOf(script: Script, line: Line): Pick<PastMessage, 'from' | 'name' | 'group'> {
  if (script.phone) return { from: script.phone, ...(script.name && { name: script.name }) };
  const member = script.members?.[line.member ?? 0];
  return {
    from: member?.phone ?? '',
    ...(member && { name: member.name }),
    ...(script.name && { group: script.name }),
  };
}

function kindOf({ content }: Line): Pick<PastMessage, 'kind' | 'text'> {
  const text = textOf(content);
  const said = text ? { text } : {};
  if (content.type === 'media') return { kind: content.kind, ...said };
  if (content.type === 'location' || content.type === 'contacts') return { kind: content.type, ...said };
  return { kind: 'text', ...said };
}

function reactionsTo(line: Line, message: PastMessage): PastMessage[] {
  const { from, name, group, externalId } = message;
  return (line.reactions ?? []).map(({ by, emoji }, i) => ({
    from,
    ...(name && { name }),
    ...(group && { group }),
    kind: 'reaction',
    emoji,
    target: externalId,
    at: message.at,
    direction: by === 'us' ? 'outbound' : 'inbound',
    externalId: `${externalId}R${i}`,
  }));
}
