import type { Template } from '@parley/contracts/accounts';
import type { Content, OutboundContent } from '@parley/contracts/content';
import { AppError } from '@parley/platform/app-error';

type Wanted = Extract<OutboundContent, { type: 'template' }>;
type Sent = Extract<Content, { type: 'template' }>;

/**
 * A template as it will be sent, its text as the customer reads it. Throws `invalid` when it is not approved, cannot be
 * sent from here, or its parameters are not those it asks for.
 */
export function fillTemplate(templates: Template[], wanted: Wanted): Sent {
  const template = templates.find(({ name, language }) => name === wanted.name && language === wanted.language);
  if (!template)
    throw refuse('name', `There is no approved template “${wanted.name}” in language “${wanted.language}”.`);
  if (template.obstacle !== null) throw refuse('name', template.obstacle);
  const given = new Map(wanted.parameters.map((parameter) => [keyOf(parameter), parameter]));
  const missing = template.parameters.filter((parameter) => !given.has(keyOf(parameter)));
  if (missing[0]) throw refuse('parameters', `The template asks for ${missing.map(nameOf).join(', ')}.`);
  if (given.size !== template.parameters.length || given.size !== wanted.parameters.length) {
    throw refuse('parameters', `The template takes ${template.parameters.length} parameters, each once.`);
  }
  const parameters = template.parameters.flatMap((parameter) => given.get(keyOf(parameter)) ?? []);
  return {
    type: 'template',
    name: template.name,
    language: template.language,
    parameters,
    text: bodyOf(template, given),
  };
}

/** `{{1}}` or `{{order_id}}` in the body gives way to its value; a value is not looked through again. */
function bodyOf(template: Template, given: Map<string, { value: string }>): string {
  return template.body.replace(
    /\{\{\s*([\w-]+)\s*\}\}/g,
    (hole, name: string) => given.get(keyOf({ place: 'body', name }))?.value ?? hole,
  );
}

function keyOf({ place, name }: { place: string; name: string }): string {
  return `${place} ${name}`;
}

function nameOf({ place, name }: { place: string; name: string }): string {
  return place === 'body' ? `{{${name}}}` : `${place} ${name}`;
}

function refuse(field: string, message: string): AppError {
  return new AppError('invalid', message, { errors: [{ path: `content.${field}`, message }] });
}
