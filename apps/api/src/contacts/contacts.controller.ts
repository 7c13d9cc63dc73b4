import { updateContact } from '@parley/contracts/contacts';
import type { InputOf } from '@parley/contracts/route';
import { ContactsService } from '@parley/inbox/contacts/contacts.service';
import type { MemberContext } from '@parley/inbox/context';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class ContactsController {
  constructor(private readonly contacts: ContactsService) {}

  @Route(updateContact)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateContact>) {
    return this.contacts.rename(ctx, params.id, body.name);
  }
}
