import type { Template } from '@parley/contracts/accounts';
import type { OutboundContent, TemplateParameter } from '@parley/contracts/content';

export type Parameter = Template['parameters'][number];
/** Values by `parameterKey`. */
export type Values = Readonly<Record<string, string>>;

const MAX_VALUE = 1024;
const PLACEHOLDER = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** A button's name may equal a variable's of the body. */
export function parameterKey(parameter: Pick<Parameter, 'place' | 'name'>): string {
  return `${parameter.place}:${parameter.name}`;
}

/** A part of a template as the phone shows it: fixed words, or a variable and what stands in it now (empty: nothing yet). */
export type Part = { type: 'text'; text: string } | { type: 'variable'; key: string; value: string };

/** Cuts a header or body at its variables. A placeholder that is no parameter of the template stays as it is written. */
export function templateParts(template: Template, place: 'header' | 'body', values: Values): Part[] {
  const text = (place === 'header' ? template.header : template.body) ?? '';
  const known = new Set(template.parameters.map(parameterKey));
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const key = parameterKey({ place, name: match[1] ?? '' });
    if (!known.has(key)) continue;
    if (match.index > from) parts.push({ type: 'text', text: text.slice(from, match.index) });
    parts.push({ type: 'variable', key, value: values[key] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ type: 'text', text: text.slice(from) });
  return parts;
}

/** The body as the customer will read it. */
export function filledBody(template: Template, values: Values): string {
  return templateParts(template, 'body', values)
    .map((part) => (part.type === 'text' ? part.text : part.value.trim()))
    .join('');
}

/** The body with examples where values will stand, in one line and without markup: to tell templates apart. */
export function exampleBody(template: Template): string {
  const examples = Object.fromEntries(
    template.parameters.map((each) => [parameterKey(each), each.example ?? `[${each.name}]`]),
  );
  return filledBody(template, examples)
    .replace(/[*_~`]+/g, '')
    .replace(/\s+/g, ' ');
}

/** How one speaks of a person in a sentence: the first name; a number or address stays whole. */
export function shortName(name: string): string {
  const trimmed = name.trim();
  return isAddress(trimmed) ? trimmed : (trimmed.split(/\s+/)[0] ?? trimmed);
}

function isAddress(name: string): boolean {
  return /^[+\d@#]/.test(name);
}

/** What of a person may be put into a template without asking. */
export interface Known {
  /** As it stands in the contact; null when nobody named them. */
  contactName: string | null;
}

const FIRST_NAME = /^(?:(?:first|given|customer|client|contact)[_-]?)?(?:name|nome|nume|nombre|prenume|pronome)$/i;
const FULL_NAME = /^(?:full|complete)[_-]?name$/i;
/** What stands before a name in a greeting, at the start of a template. */
const GREETING =
  /^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|ol[áa]|oi|bom dia|boa (?:tarde|noite)|car[oa]|bun[ăa](?: ziua)?|salut|drag[ăa]|hola|bonjour|ciao|hallo)(?: there)?[\s,]*$/i;

/** Values that we know: the contact's name, where the template greets by name. The rest is for the member to fill in. */
export function prefill(template: Template, { contactName }: Known): Values {
  const name = contactName?.trim() ?? '';
  if (!name || isAddress(name)) return {}; // an address in place of a name greets nobody
  const first = shortName(name);
  const values: Record<string, string> = {};
  for (const parameter of template.parameters) {
    if (FULL_NAME.test(parameter.name)) values[parameterKey(parameter)] = name;
    else if (FIRST_NAME.test(parameter.name) || greets(template, parameter)) values[parameterKey(parameter)] = first;
  }
  return values;
}

function greets(template: Template, { place, name }: Parameter): boolean {
  if (place === 'button') return false;
  const text = (place === 'header' ? template.header : template.body) ?? '';
  const first = text.matchAll(PLACEHOLDER).next().value;
  return first?.[1] === name && GREETING.test(text.slice(0, first.index));
}

/** Place of the first parameter with no value, `-1` when all have one. */
export function firstEmpty(parameters: readonly Parameter[], values: Values): number {
  return parameters.findIndex((parameter) => !values[parameterKey(parameter)]?.trim());
}

/** What is sent. A value is one line: the channel takes no line breaks in it. */
export function templateContent(template: Template, values: Values): Extract<OutboundContent, { type: 'template' }> {
  const parameters = template.parameters.map(({ place, name }): TemplateParameter => {
    const value = (values[parameterKey({ place, name })] ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_VALUE);
    return { place, name, value };
  });
  return { type: 'template', name: template.name, language: template.language, parameters };
}

/** Templates with all words of a search in name or text; those that can be sent come first, otherwise in the order given. */
export function searchTemplates(templates: readonly Template[], search: string): Template[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const found = templates.filter((template) => {
    const text = fold(
      `${template.name.replaceAll('_', ' ')} ${template.name} ${template.header ?? ''} ${template.body}`,
    );
    return words.every((word) => text.includes(word));
  });
  return found.sort((a, b) => Number(a.obstacle !== null) - Number(b.obstacle !== null));
}

/** The same, with those in `recent` (last first, by `templateKey`) before all others. */
export function recentFirst(templates: readonly Template[], recent: readonly string[]): Template[] {
  const place = (template: Template) => {
    const at = recent.indexOf(templateKey(template));
    return at < 0 ? recent.length : at;
  };
  return templates.toSorted((a, b) => place(a) - place(b));
}

export function templateKey({ name, language }: Pick<Template, 'name' | 'language'>): string {
  return `${name}:${language}`;
}

/** Without case and accents. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
