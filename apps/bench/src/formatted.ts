import { format, resolveConfig } from 'prettier';

/** Text as the repository keeps files of this path. */
export async function formatted(text: string, path: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
