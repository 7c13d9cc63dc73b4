import type { Template } from '@parley/contracts/accounts';
import { z } from 'zod';
import { peek } from '../json-body';
import { OptionalText } from '../shapes';
import type { CloudApiConfig } from './cloud-api.config';
import { list } from './graph';

const Button = z.looseObject({
  type: z.string(),
  text: OptionalText,
  url: OptionalText,
  example: z.unknown().optional(),
});
type Button = z.infer<typeof Button>;
const Component = z.looseObject({
  type: z.string(),
  format: OptionalText,
  text: OptionalText,
  example: z.unknown().optional(),
  buttons: z.array(Button).nullish(),
});
type Component = z.infer<typeof Component>;
const GraphTemplate = z.looseObject({
  name: z.string(),
  language: z.string(),
  status: z.string(),
  category: OptionalText,
  components: z.array(Component),
});

/** Approved templates, all pages. One of a shape that we do not know is left out: the others can still be sent. */
export async function templates(config: CloudApiConfig, http: typeof fetch): Promise<Template[]> {
  const fields = 'id,name,language,status,category,components,parameter_format';
  const approved: Template[] = [];
  for await (const element of list(http, config, `${config.wabaId}/message_templates`, {
    fields,
    status: 'APPROVED',
  })) {
    const template = GraphTemplate.safeParse(element).data;
    if (template && template.status.toUpperCase() === 'APPROVED') approved.push(toTemplate(template));
  }
  return approved;
}

function toTemplate({ name, language, category, components }: z.infer<typeof GraphTemplate>): Template {
  const part = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  const header = part('HEADER');
  const buttons = part('BUTTONS')?.buttons ?? [];
  return {
    name,
    language,
    category: category ?? '',
    header: header?.text ?? null,
    body: part('BODY')?.text ?? '',
    footer: part('FOOTER')?.text ?? null,
    buttons: buttons.map((button) => ({ type: button.type.toUpperCase(), text: button.text ?? '' })),
    parameters: [
      ...textParameters('header', header),
      ...textParameters('body', part('BODY')),
      ...buttonParameters(buttons),
    ],
    obstacle: obstacleOf(components, header, buttons, category),
  };
}

/** `{{1}}`, or `{{first_name}}` of templates with named parameters. */
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

function textParameters(place: 'header' | 'body', component?: Component): Template['parameters'] {
  const names = [...new Set([...(component?.text ?? '').matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))];
  const inOrder = names.every((name) => /^\d+$/.test(name))
    ? names.toSorted((one, other) => Number(one) - Number(other))
    : names;
  return inOrder.map((name) => ({ place, name, example: exampleOf(place, name, component?.example) }));
}

/** Numbered ones stand in a list (of lists, for the body), named ones with their names. */
function exampleOf(place: 'header' | 'body', name: string, example: unknown): string | null {
  const named = peek(example, `${place}_text_named_params`);
  const byName: unknown = Array.isArray(named) ? named.find((one) => peek(one, 'param_name') === name) : undefined;
  const texts = peek(example, `${place}_text`);
  const numbered: unknown = Array.isArray(texts) && Array.isArray(texts[0]) ? texts[0] : texts;
  const value =
    peek(byName, 'example') ?? (Array.isArray(numbered) ? (numbered[Number(name) - 1] as unknown) : undefined);
  return typeof value === 'string' ? value : null;
}

/** An address may end in one variable, of which only the end is asked for. Buttons are counted all, from 0. */
function buttonParameters(buttons: Button[]): Template['parameters'] {
  return buttons.flatMap(({ type, url, example }, index) => {
    const [, start] = /^(.*?)\{\{\s*\w+\s*\}\}/.exec(url ?? '') ?? [];
    if (type.toUpperCase() !== 'URL' || start === undefined) return [];
    const whole: unknown = Array.isArray(example) ? example[0] : undefined;
    const end = typeof whole === 'string' && whole.startsWith(start) ? whole.slice(start.length) : null;
    return [{ place: 'button' as const, name: String(index), example: end }];
  });
}

const files: Record<string, string> = {
  IMAGE: 'a picture',
  VIDEO: 'a video',
  DOCUMENT: 'a document',
  GIF: 'a video',
  LOCATION: 'a place',
};
const sendable = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS']);
const plainButtons = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'REQUEST_CONTACT_INFO', 'VOICE_CALL']);

/** Why it cannot be sent from here; `null`: it can. */
function obstacleOf(
  components: Component[],
  header: Component | undefined,
  buttons: Button[],
  category: string | null,
): string | null {
  const format = header?.format?.toUpperCase() ?? 'TEXT';
  if (format !== 'TEXT')
    return `This template begins with ${files[format] ?? 'a file'}, which cannot be added here yet.`;
  if (category?.toUpperCase() === 'AUTHENTICATION')
    return 'This template carries a login code, which only a program can fill in.';
  const special = buttons.find((button) => !plainButtons.has(button.type.toUpperCase()));
  if (special) return `This template has a button (${special.text ?? special.type}) that cannot be filled in here.`;
  if (components.some((component) => !sendable.has(component.type.toUpperCase()))) {
    return 'This template has parts, such as cards or an offer, that cannot be filled in here.';
  }
  return null;
}
