import { z } from 'zod';
import { ControlError } from '../provider';
import type { Receive } from '../receive';
import type { AccountEvents } from './account-events';
import { randomDigits } from '../world/ids';
import { parameter, unknownObject } from './errors';
import type { Line, State } from './state';
import { checkComponents, Component, Creation, creationError, matches, shown } from './template-rules';

const BLOCK_MS = 30 * 86_400_000;
const EDIT_EVERY_MS = 86_400_000;
const MOST_EDITS = 10;

const templateStatuses = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'PENDING_DELETION',
  'DELETED',
] as const;
export type TemplateStatus = (typeof templateStatuses)[number];

export interface Template {
  id: string;
  wabaId: string;
  name: string;
  language: string;
  category: string;
  parameter_format: 'POSITIONAL' | 'NAMED';
  status: TemplateStatus;
  rejected_reason: string;
  quality_score: { score: string };
  components: Component[];
  createdAt: number;
  edits: number[];
  /** Somebody looks at it, and decides after a while. */
  inReview?: boolean;
  /** When it was deleted: its name is blocked for 30 days if it had been approved. */
  deletedAt?: number;
}

type NewTemplate = Pick<Template, 'name' | 'language' | 'category' | 'parameter_format' | 'components' | 'status'> & {
  id?: string;
  rejected_reason?: string;
};

/** Message templates of a WABA: list, create, edit, delete, review (contract §4.5). */
export class Templates {
  constructor(
    private readonly state: State,
    private readonly events: AccountEvents,
  ) {}

  find(wabaId: string, name: string, language: string): Template | undefined {
    return this.of(wabaId).find((template) => template.name === name && template.language === language);
  }

  byId(line: Line, id: string): Template | undefined {
    const template = this.state.templates.get(id);
    return template && template.wabaId === line.wabaId && !template.deletedAt ? template : undefined;
  }

  /** One page, with a cursor for the next. */
  list(line: Line, query: Record<string, string | undefined>) {
    const wanted = this.of(line.wabaId).filter((template) => matches(template, query));
    const limit = Math.min(Number(query.limit ?? 25) || 25, 1000);
    const start = query.after ? wanted.findIndex(({ id }) => cursorOf(id) === query.after) + 1 : 0;
    const page = wanted.slice(start, start + limit);
    const [first, last] = [page[0], page.at(-1)];
    const cursors = { before: first && cursorOf(first.id), after: last && cursorOf(last.id) };
    const more =
      start + limit < wanted.length && cursors.after ? { next: this.nextLink(line, query, cursors.after) } : {};
    return {
      data: page.map((template) => shown(template, query.fields)),
      ...(page.length && { paging: { cursors, ...more } }),
    };
  }

  create(line: Line, body: unknown) {
    const parsed = Creation.safeParse(body);
    if (!parsed.success) throw parameter(z.prettifyError(parsed.error));
    const { name, language } = parsed.data;
    if (this.find(line.wabaId, name, language))
      throw creationError(
        2388024,
        'Content in this language already exists',
        `There is already ${language} content for this template.`,
      );
    if (this.isBlocked(line.wabaId, name, language))
      throw creationError(
        2388023,
        'Message template language is being deleted',
        'New content cannot be added while the existing one is being deleted. Try again in 4 weeks.',
      );
    checkComponents(parsed.data.components);
    const template = this.add(line.wabaId, { ...parsed.data, status: 'PENDING' });
    this.review(line, template);
    return { id: template.id, status: template.status, category: template.category };
  }

  edit(line: Line, id: string, body: unknown): { success: true } {
    const template = this.byId(line, id) ?? refuse(id);
    const now = this.state.world.clock.now();
    if (!['APPROVED', 'REJECTED', 'PAUSED'].includes(template.status))
      throw creationError(
        2388025,
        'Template cannot be edited',
        'Only approved, rejected or paused templates can be edited.',
      );
    const recent = template.edits.filter((at) => now - at < BLOCK_MS);
    const tooSoon =
      template.status === 'APPROVED' && (recent.some((at) => now - at < EDIT_EVERY_MS) || recent.length >= MOST_EDITS);
    if (tooSoon)
      throw creationError(2388026, 'Template edited too often', 'An approved template can be edited once in 24 hours.');
    const change = z
      .looseObject({ category: z.string().optional(), components: z.array(Component).optional() })
      .parse(body);
    Object.assign(
      template,
      { status: 'PENDING', edits: [...recent, now] },
      change.components && { components: change.components },
      change.category && { category: change.category },
    );
    this.state.templates.touch(id);
    this.review(line, template);
    return { success: true };
  }

  /** By name all languages, with `hsm_id` one. */
  remove(line: Line, query: Record<string, string | undefined>): { success: true } {
    const { name, hsm_id: id } = query;
    if (!name) throw parameter('The parameter name is required');
    const gone = this.of(line.wabaId).filter((template) => template.name === name && (!id || template.id === id));
    if (gone.length === 0)
      throw creationError(2593002, 'Message template not found', 'The message template does not exist.');
    for (const template of gone) this.markDeleted(line, template);
    return { success: true };
  }

  add(wabaId: string, draft: NewTemplate): Template {
    const { name, language, category, parameter_format, components, status } = draft;
    const template: Template = {
      id: draft.id ?? randomDigits(15),
      wabaId,
      name,
      language,
      category,
      parameter_format,
      status,
      components,
      rejected_reason: draft.rejected_reason ?? 'NONE',
      quality_score: { score: 'UNKNOWN' },
      createdAt: this.state.world.clock.now(),
      edits: [],
    };
    return this.state.templates.set(template.id, template);
  }

  /** What the control API asks for: another status, with its webhook. */
  setStatus(line: Line, { target, type, status = 'APPROVED', text }: Receive): void {
    const template = this.of(line.wabaId).find((each) => each.id === target || each.name === (target ?? type));
    if (!template) throw new ControlError(404, `No template "${target ?? type}"`);
    const known = templateStatuses.find((each) => each === status.toUpperCase());
    if (!known) throw new ControlError(422, `status is one of ${templateStatuses.join(', ')}`);
    this.change(line, template, known, text);
  }

  /** After a restart: what waited for its review gets it. */
  resume(): void {
    for (const template of this.state.templates.values()) {
      const [line] = this.state.linesOf(template.wabaId);
      if (line && template.inReview) this.review(line, template);
    }
  }

  private of(wabaId: string): Template[] {
    return [...this.state.templates.values()].filter((template) => template.wabaId === wabaId && !template.deletedAt);
  }

  private isBlocked(wabaId: string, name: string, language: string): boolean {
    const since = this.state.world.clock.now() - BLOCK_MS;
    return [...this.state.templates.values()].some(
      (each) =>
        each.wabaId === wabaId &&
        each.name === name &&
        each.language === language &&
        (each.deletedAt ?? 0) > since &&
        each.status === 'DELETED',
    );
  }

  /** Names decide: `reject` is refused, `pause` is paused soon after it was approved, `pending` is never looked at. */
  private review(line: Line, template: Template): void {
    if (template.name.includes('pending')) return;
    template.inReview = true;
    const delay = line.settings.templateReviewMs;
    this.state.world.clock.after(delay, () => {
      if (template.deletedAt) return;
      if (template.name.includes('reject')) return this.change(line, template, 'REJECTED', 'INVALID_FORMAT');
      this.change(line, template, 'APPROVED');
      if (template.name.includes('pause'))
        this.state.world.clock.after(delay, () => this.change(line, template, 'PAUSED'));
    });
  }

  private markDeleted(line: Line, template: Template): void {
    const wasApproved = template.status === 'APPROVED' || template.status === 'PAUSED';
    template.deletedAt = this.state.world.clock.now();
    if (!wasApproved) return this.state.templates.delete(template.id);
    this.change(line, template, 'DELETED');
  }

  private change(line: Line, template: Template, status: TemplateStatus, reason = 'NONE'): void {
    template.inReview = false;
    template.status = status;
    template.rejected_reason = status === 'REJECTED' ? reason : 'NONE';
    this.state.templates.touch(template.id);
    this.events.ofWaba(line, 'message_template_status_update', {
      event: status,
      message_template_id: Number(template.id),
      message_template_name: template.name,
      message_template_language: template.language.replace('_', '-'),
      reason: status === 'REJECTED' ? reason : 'NONE',
      message_template_category: template.category,
      ...(status === 'PAUSED' && {
        other_info: { title: 'FIRST_PAUSE', description: 'Paused for 3 hours due to low quality.' },
      }),
      ...(status === 'REJECTED' && {
        rejection_info: { reason: 'The format is not valid', recommendation: 'Review the content and submit it again' },
      }),
    });
  }

  private nextLink(line: Line, query: Record<string, string | undefined>, after: string): string {
    const known = Object.entries({ ...query, after }).filter(
      (each): each is [string, string] => each[1] !== undefined && each[0] !== 'access_token',
    );
    return `${this.state.world.origin}/cloud-api/v25.0/${line.wabaId}/message_templates?${new URLSearchParams(known)}`;
  }
}

const cursorOf = (id: string) => Buffer.from(`cursor:${id}`).toString('base64url');

function refuse(id: string): never {
  throw unknownObject(id);
}
