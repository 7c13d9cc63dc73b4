import type { AnyRoute, InputOf } from '@parley/contracts/route';
import { AppError } from '@parley/platform/app-error';
import type { z } from 'zod';

/** Throws `invalid`, with one error for each field that was refused. Fields that no schema names are dropped. */
export function parseInput(
  route: AnyRoute,
  request: { params: unknown; query: unknown; body: unknown },
): InputOf<AnyRoute> {
  const errors: { path: string; message: string }[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown) => {
    if (!schema) return undefined;
    const result = schema.safeParse(value ?? {});
    if (!result.success) errors.push(...result.error.issues.map(toError));
    return result.data;
  };
  const input = {
    params: parse(route.params, request.params),
    query: parse(route.query, request.query),
    body: parse(route.body, request.body),
  };
  if (errors.length)
    throw new AppError('invalid', 'Some of what was sent is not valid.', { errors: errors.slice(0, 50) });
  return input;
}

/** Never quotes the value: it may be somebody's words. */
function toError({ path, message }: z.core.$ZodIssue): { path: string; message: string } {
  return { path: path.join('.'), message };
}
