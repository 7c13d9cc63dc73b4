import { eraseContact, updateContact } from '@parley/contracts/contacts';
import type { InputOf } from '@parley/contracts/route';
import { ContactsService } from '@parley/inbox/contacts/contacts.service';
import type { MemberContext } from '@parley/inbox/context';
import { ContactEraser } from '@parley/inbox/erasing/contact-eraser';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly eraser: ContactEraser,
  ) {}

  @Route(updateContact)
  update(@Ctx() ctx: MemberContext, @Input() { params, body }: InputOf<typeof updateContact>) {
    return this.contacts.rename(ctx, params.id, body.name);
  }

  @Route(eraseContact)
  erase(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof eraseContact>) {
    return this.eraser.begin(ctx, params.id);
  }
}
