import type { Button, Content } from '../world/content';
import {
  missingParameter,
  parameterCount,
  parameterFormat,
  templateDisabled,
  templateMissing,
  templatePaused,
} from './errors';
import type { Component } from './template-rules';
import type { Template, Templates } from './templates';

type Json = Record<string, unknown>;

interface Given {
  type: string;
  sub_type?: string;
  index?: string | number;
  parameters: Json[];
}

/** Checks a template message as Meta does before it accepts one, and puts its values in place. Throws 132xxx and 131008. */
export function checkTemplate(
  templates: Templates,
  wabaId: string,
  template: Json,
  mediaOf: (parameter: Json, kind: string) => string | undefined,
): Content {
  const name = String(template.name ?? '');
  const language = String((template.language as Json | undefined)?.code ?? '');
  if (!name || !language) throw missingParameter('template.name and template.language.code are required');
  const known = usable(templates.find(wabaId, name, language), name, language);
  const given = componentsGiven(template.components);
  const header = componentOf(known, 'HEADER');
  const body = componentOf(known, 'BODY');
  return {
    kind: 'template',
    name,
    language,
    category: known.category.toLowerCase(),
    text: filled(known, body?.text ?? '', parametersOf(given, 'body'), 'body'),
    header: header?.text && filled(known, header.text, parametersOf(given, 'header'), 'header'),
    footer: componentOf(known, 'FOOTER')?.text,
    media:
      header?.format && header.format !== 'TEXT'
        ? headerMedia(header.format, parametersOf(given, 'header'), mediaOf)
        : undefined,
    buttons: buttonsOf(componentOf(known, 'BUTTONS'), given),
  };
}

function usable(template: Template | undefined, name: string, language: string): Template {
  if (!template || template.status === 'PENDING' || template.status === 'REJECTED')
    throw templateMissing(`template name (${name}) does not exist in ${language}`);
  if (template.status === 'PAUSED') throw templatePaused();
  if (template.status !== 'APPROVED') throw templateDisabled();
  return template;
}

const componentOf = (template: Template, type: string) =>
  template.components.find((component) => component.type.toUpperCase() === type);

function componentsGiven(components: unknown): Given[] {
  if (components === undefined) return [];
  if (!Array.isArray(components)) throw parameterFormat('components must be a list');
  return components.map((each: Json) => ({
    type: String(each.type ?? '').toLowerCase(),
    sub_type: each.sub_type === undefined ? undefined : String(each.sub_type).toLowerCase(),
    index: each.index as string | number | undefined,
    parameters: Array.isArray(each.parameters) ? (each.parameters as Json[]) : [],
  }));
}

const parametersOf = (given: Given[], type: string) => given.find((each) => each.type === type)?.parameters ?? [];

/** Values into the placeholders: in order, or by name. */
function filled(template: Template, text: string, parameters: Json[], place: string): string {
  const wanted = [...new Set(text.match(/\{\{[^}]+\}\}/g) ?? [])].map((placeholder) => placeholder.slice(2, -2));
  if (wanted.length !== parameters.length) {
    throw parameterCount(
      `${place}: number of localizable_params (${parameters.length}) does not match the expected number of params (${wanted.length})`,
    );
  }
  const values = new Map(wanted.map((name, at) => [name, valueOf(template, parameters, name, at, place)]));
  return text.replace(/\{\{([^}]+)\}\}/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}

function valueOf(template: Template, parameters: Json[], name: string, at: number, place: string): string {
  const named = template.parameter_format === 'NAMED';
  const parameter = named ? parameters.find((each) => each.parameter_name === name) : parameters[at];
  if (!parameter) throw parameterFormat(`${place}: parameter name is missing or does not match: ${name}`);
  if (parameter.type === 'currency' || parameter.type === 'date_time')
    return String((parameter[parameter.type] as Json | undefined)?.fallback_value ?? '');
  if (parameter.type !== 'text')
    throw parameterFormat(`${place}: format mismatch, expected TEXT, received ${String(parameter.type).toUpperCase()}`);
  const text = String(parameter.text ?? '');
  if (!text) throw missingParameter(`${place}: parameter of type text is missing text value`);
  if (/[\n\t]| {5,}/.test(text))
    throw parameterFormat(
      `${place}: parameter text cannot have new-line/tab characters or more than 4 consecutive spaces`,
    );
  return text;
}

function headerMedia(
  format: string,
  parameters: Json[],
  mediaOf: (parameter: Json, kind: string) => string | undefined,
): string | undefined {
  const [parameter] = parameters;
  const kind = format.toLowerCase();
  if (!parameter)
    throw parameterCount('header: number of localizable_params (0) does not match the expected number of params (1)');
  if (parameter.type !== kind)
    throw parameterFormat(
      `header: format mismatch, expected ${format.toUpperCase()}, received ${String(parameter.type).toUpperCase()}`,
    );
  return kind === 'location' ? undefined : mediaOf((parameter[kind] ?? {}) as Json, kind);
}

/** Every button as the customer sees it; quick replies answer with the payload that was given, else with their text. */
function buttonsOf(component: Component | undefined, given: Given[]): Button[] {
  const buttons = component?.buttons ?? [];
  const out = given.filter((each) => each.type === 'button');
  const stray = out.find((each) => Number(each.index ?? 0) >= buttons.length);
  if (stray) throw parameterFormat(`button: index ${stray.index} does not exist`);
  return buttons.map((button, index) => {
    const parameter = out.find((each) => Number(each.index ?? 0) === index)?.parameters[0];
    const text = button.text ?? button.type;
    const type = button.type.toUpperCase();
    if (type === 'URL' && button.url?.includes('{{') && !parameter?.text)
      throw missingParameter(`button at index ${index} of type Url requires a parameter`);
    if (type === 'COPY_CODE' && !parameter?.coupon_code)
      throw missingParameter(`button at index ${index} of type CopyCode requires a parameter`);
    return type === 'QUICK_REPLY'
      ? { text, reply: { style: 'template-button', id: String(parameter?.payload ?? text) } }
      : { text };
  });
}
