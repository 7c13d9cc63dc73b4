import type { Action } from '@parley/contracts/can';
import type { Contact } from '@parley/contracts/contacts';
import { notFound } from '@parley/platform/app-error';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import type { MemberContext } from '../context';
import { audienceOfConversation } from '../conversations/conversation.view';
import { searchTextOf } from '../conversations/search-text';
import { canSee } from '../conversations/sight';
import { canContact } from '../people/can';
import { loadContacts } from './contact.view';
import { lockConversationsOf, nameContact, retitle } from './contacts.queries';

@Injectable()
export class ContactsService {
  constructor(private readonly db: TenantDb) {}

  /**
   * Names a contact; the provider's name does not count any more. Each of their conversations takes the name as its
   * title, and tells. Throws `not_found`, also when the member sees none of their conversations.
   */
  rename(ctx: MemberContext, id: string, name: string): Promise<Contact & { me: { can: Action<'contact'>[] } }> {
    return this.db.transaction(ctx, async (tx) => {
      const conversations = await lockConversationsOf(tx, id);
      if (!(ctx.sight.all && !ctx.sight.within) && !conversations.some((one) => canSee(ctx.sight, one)))
        throw notFound('contact');
      if (!(await nameContact(tx, id, name))) throw notFound('contact');
      const contact = await getContact(tx, id);
      await retitle(tx, id, name, searchTextOf([name, ...contact.identities.map(({ address }) => address)]));
      for (const one of conversations) {
        tx.emit({ type: 'contact.updated', audience: audienceOfConversation(one), conversationId: one.id, contact });
      }
      tx.audit({ action: 'contact.renamed', target: { kind: 'contact', id } }); // not the names: erased, they are gone
      return { ...contact, me: { can: canContact(ctx) } };
    });
  }
}

async function getContact(tx: TenantTx, id: string): Promise<Contact> {
  const [contact] = await loadContacts(tx.raw, [{ tenantId: tx.tenantId, id }]);
  if (!contact) throw notFound('contact');
  return contact;
}
