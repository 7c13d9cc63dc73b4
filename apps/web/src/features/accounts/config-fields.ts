/** One line of the connect form, as the adapter's own schema has it. */
export interface ConfigField {
  name: string;
  title: string;
  hint: string;
  /** Write-only: it never comes back. */
  secret: boolean;
  /** Somebody must enter it. */
  required: boolean;
  /** Left empty we make one; it can be made anew. */
  made: boolean;
  /** Filled in from the start; empty: nothing. */
  preset: string;
  kind: 'text' | 'number' | 'choice';
  choices: string[];
}

interface Property {
  type?: string;
  title?: string;
  description?: string;
  secret?: boolean;
  default?: unknown;
  enum?: unknown[];
}

/** Fields of a JSON Schema, in its order. */
export function fieldsOf(schema: Record<string, unknown>): ConfigField[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Property>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => {
    const secret = property.secret === true;
    return {
      name,
      title: property.title ?? name,
      hint: property.description ?? '',
      secret,
      required: required.includes(name),
      made: secret && property.default !== undefined,
      preset: secret || property.default === undefined ? '' : String(property.default),
      kind: property.enum ? 'choice' : property.type === 'integer' || property.type === 'number' ? 'number' : 'text',
      choices: (property.enum ?? []).map(String),
    };
  });
}

/** What stands in the form. `null`: take it away, or make it anew. */
export type Entered = Record<string, string | null>;

/** What to send of a form for a new account: what is empty is not said. */
export function newConfig(fields: ConfigField[], entered: Entered): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = entered[field.name]?.trim();
      return value ? [[field.name, valueOf(field, value)]] : [];
    }),
  );
}

/** What to send of a form for an account that is there: what changed. A secret left empty stays as it is. */
export function changedConfig(
  fields: ConfigField[],
  before: Record<string, unknown>,
  entered: Entered,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const now = entered[field.name];
      if (now === null) return [[field.name, null]];
      const value = now?.trim() ?? '';
      const was = before[field.name] === undefined ? '' : String(before[field.name]);
      if (value === was || (field.secret && value === '')) return [];
      return [[field.name, value === '' ? null : valueOf(field, value)]];
    }),
  );
}

function valueOf(field: ConfigField, value: string): unknown {
  return field.kind === 'number' ? Number(value) : value;
}
