import { z } from 'zod';
import { GraphError, parameter } from './errors';
import type { Template } from './templates';

const Button = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  url: z.string().optional(),
  phone_number: z.string().optional(),
});
export const Component = z.looseObject({
  type: z.string(),
  format: z.string().optional(),
  text: z.string().optional(),
  buttons: z.array(Button).optional(),
});
export type Component = z.infer<typeof Component>;

/** What may be created (contract §4.5). */
export const Creation = z.looseObject({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2,3})?$/),
  category: z.enum(['MARKETING', 'UTILITY', 'AUTHENTICATION']),
  parameter_format: z.enum(['POSITIONAL', 'NAMED']).default('POSITIONAL'),
  components: z.array(Component).min(1),
});

/** Whether a template is among those that were asked for. */
export function matches(
  template: Template,
  { name, status, language, category }: Record<string, string | undefined>,
): boolean {
  return (
    (!name || template.name.includes(name)) &&
    (!status || template.status === status.toUpperCase()) &&
    (!language || template.language === language) &&
    (!category || template.category === category.toUpperCase())
  );
}

const allFields = [
  'id',
  'name',
  'language',
  'status',
  'category',
  'components',
  'parameter_format',
  'rejected_reason',
  'quality_score',
] as const;
const defaultFields: readonly string[] = [
  'name',
  'parameter_format',
  'components',
  'language',
  'status',
  'category',
  'id',
];

/** The fields that were asked for; an unknown one is an error, the id always comes. */
export function shown(template: Template, fields?: string): Record<string, unknown> {
  const wanted = fields ? fields.split(',').map((field) => field.trim()) : defaultFields;
  const unknown = wanted.find((field) => !allFields.some((known) => known === field));
  if (unknown) throw new GraphError(400, 100, `(#100) Tried accessing nonexisting field (${unknown})`);
  return Object.fromEntries([
    ...allFields.filter((field) => wanted.includes(field) || field === 'id').map((field) => [field, template[field]]),
  ]);
}

/** Throws what Meta says of components that it would not review at all. */
export function checkComponents(components: Component[]): void {
  const body = components.find(({ type }) => type.toUpperCase() === 'BODY');
  if (!body?.text) throw parameter('A template needs a body');
  if (body.text.length > 1024) throw parameter('The body has at most 1024 characters');
  if (/^\s*\{\{|\}\}\s*$/.test(body.text))
    throw creationError(
      2388299,
      "Variables can't be at the start or end of the template",
      'Add text before the first and after the last variable.',
    );
  const header = components.find(({ type }) => type.toUpperCase() === 'HEADER');
  if ((header?.text?.match(/\{\{/g) ?? []).length > 1) throw parameter('A text header holds at most one variable');
  const buttons = components.find(({ type }) => type.toUpperCase() === 'BUTTONS')?.buttons ?? [];
  if (buttons.length > 10) throw parameter('A template has at most 10 buttons');
  const types = buttons.map(({ type }) => type.toUpperCase());
  for (const [type, most] of Object.entries({ URL: 2, PHONE_NUMBER: 1, COPY_CODE: 1 })) {
    if (types.filter((each) => each === type).length > most)
      throw parameter(`A template has at most ${most} ${type} buttons`);
  }
  const [first, last] = [types.indexOf('QUICK_REPLY'), types.lastIndexOf('QUICK_REPLY')];
  if (types.slice(first, last).some((type) => type !== 'QUICK_REPLY')) throw parameter('Quick replies stand together');
}

/** Creation errors carry texts for people beside the code. */
export function creationError(subcode: number, title: string, message: string): GraphError {
  return new GraphError(400, 100, `(#100) Invalid parameter: ${title}`, { subcode, user: { title, message } });
}
