import { getFileLink, retryFile } from '@parley/contracts/files';
import type { InputOf } from '@parley/contracts/route';
import type { MemberContext } from '@parley/inbox/context';
import { FilesService } from '@parley/inbox/files/files.service';
import { Controller } from '@nestjs/common';
import { Ctx, Input, Route } from '../http/route.decorator';

@Controller()
export class FilesController {
  constructor(private readonly files: FilesService) {}

  @Route(getFileLink)
  link(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof getFileLink>) {
    return this.files.link(ctx, params.id);
  }

  @Route(retryFile)
  retry(@Ctx() ctx: MemberContext, @Input() { params }: InputOf<typeof retryFile>) {
    return this.files.retry(ctx, params.id);
  }
}
