import type { Chat, Message, Step } from '../world/chats';
import { hexOf } from '../world/ids';
import { asyncError } from './errors';
import { metadataOf } from './inbound';
import { senderFields } from './inbound-wire';
import type { People } from './people';
import type { Line, State } from './state';
import type { MetaWebhooks } from './webhooks';

type Json = Record<string, unknown>;

/** Tells how a message went on (contract §3.4). */
export class Statuses {
  constructor(
    private readonly state: State,
    private readonly people: People,
    private readonly webhooks: MetaWebhooks,
  ) {}

  emit(line: Line, message: Message, step: Step): Promise<void> {
    const chat = this.state.world.chats.find(line, message.chat);
    if (!chat) return Promise.resolve();
    const contact =
      step.status === 'failed' || chat.group
        ? {}
        : { contacts: [senderFields(this.state, this.people, line, chat).contact] };
    const statuses = chat.group
      ? this.groupStatuses(line, chat, message, step)
      : [this.status(line, chat, message, step)];
    return this.webhooks.emit({
      line,
      field: 'messages',
      value: { messaging_product: 'whatsapp', metadata: metadataOf(line), ...contact, statuses },
      about: [{ what: 'status', externalId: message.id, chat: chat.key, status: step.status }],
      phone: chat.phone,
    });
  }

  private status(line: Line, chat: Chat, message: Message, step: Step): Json {
    const userId =
      line.settings.userIds && step.status !== 'failed' ? { recipient_user_id: this.people.userIdOf(line, chat) } : {};
    return {
      id: message.id,
      status: step.status,
      timestamp: this.timestamp(),
      ...(!chat.hidden && { recipient_id: chat.key }),
      ...userId,
      ...(message.tag !== undefined && { biz_opaque_callback_data: message.tag }),
      ...conversation(line, message, step, this.state.world.clock.nowSeconds()),
      ...pricing(message, step),
      ...(step.error && { errors: [asyncError(step.error)] }),
    };
  }

  /** One webhook with one object for each member, save that it was sent: that is told once. */
  private groupStatuses(line: Line, chat: Chat, message: Message, step: Step): Json[] {
    const base = {
      ...this.status(line, chat, message, step),
      recipient_id: chat.key,
      recipient_type: 'group',
      recipient_user_id: undefined,
    };
    if (step.status === 'sent' || step.status === 'failed') return [base];
    return (chat.group?.members ?? []).map((member) => ({ ...base, recipient_participant_id: member.phone }));
  }

  private timestamp(): string {
    return String(this.state.world.clock.nowSeconds());
  }
}

/** Left out from v24 on, unless the account is told to be older. */
function conversation(line: Line, message: Message, step: Step, now: number): Json {
  if (!line.settings.conversation || (step.status !== 'sent' && step.status !== 'delivered')) return {};
  const expiry = step.status === 'sent' ? { expiration_timestamp: String(now + 86_400) } : {};
  return {
    conversation: {
      id: hexOf(`${message.account} ${message.chat}`, 32),
      ...expiry,
      origin: { type: categoryOf(message) },
    },
  };
}

/** On `sent`, and once more on `delivered`. */
function pricing(message: Message, step: Step): Json {
  if (step.status !== 'sent' && step.status !== 'delivered') return {};
  const template = message.content.kind === 'template';
  const type = template ? 'regular' : 'free_customer_service';
  return { pricing: { billable: template, pricing_model: 'PMP', type, category: categoryOf(message) } };
}

const categoryOf = (message: Message) => (message.content.kind === 'template' ? message.content.category : 'service');
