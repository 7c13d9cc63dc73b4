import { createHmac } from 'node:crypto';
import type { Door } from '../subject';

const filler =
  'Good morning, could you tell me whether my parcel has left your warehouse, and when it will be at my door? ';

/** One text message as Meta posts it, filled up to `bytes`. `mark` begins its text. */
export function cloudCall(
  door: Door,
  { chat, id, mark, bytes }: { chat: number; id: string; mark: string; bytes: number },
) {
  const phone = phoneOf(chat);
  const call = (body: string) =>
    JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: door.wabaId,
          changes: [
            {
              field: 'messages',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '15550104477', phone_number_id: door.phoneNumberId },
                contacts: [{ profile: { name: `Customer ${chat}` }, wa_id: phone }],
                messages: [
                  { from: phone, id, timestamp: `${Math.floor(Date.now() / 1000)}`, type: 'text', text: { body } },
                ],
              },
            },
          ],
        },
      ],
    });
  const room = bytes - call(mark).length;
  return call(mark + filler.repeat(Math.ceil(Math.max(0, room) / filler.length)).slice(0, Math.max(0, room)));
}

/** Without the plus. */
export const phoneOf = (chat: number) => `1202${String(5_550_000 + chat).padStart(7, '0')}`;

export function signed(appSecret: string, body: string): Record<string, string> {
  const hmac = createHmac('sha256', appSecret).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${hmac}` };
}
