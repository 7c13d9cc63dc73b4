/** What the product speaks, by the names that browsers know. The first is for whoever asks for none of them. */
export const languages = ['en', 'pt-BR', 'ro'] as const;
export type Language = (typeof languages)[number];

/**
 * Of what an `Accept-Language` header asks for, the best that is spoken here: any Portuguese is told in ours. Null: it asks for
 * nothing of the kind.
 */
export function languageAsked(header: string | null | undefined): Language | null {
  const asked = (header ?? '').split(',').map((part) => {
    const [tag = '', ...options] = part.split(';').map((each) => each.trim());
    const weight = options.find((each) => each.startsWith('q='))?.slice(2);
    return { primary: tag.split('-')[0]?.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const wanted = asked.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { primary } of wanted) {
    const spoken = languages.find((language) => language.split('-')[0] === primary);
    if (spoken) return spoken;
  }
  return null;
}

/** Whether it is one that is spoken here. */
export function isLanguage(name: string | undefined): name is Language {
  return languages.some((language) => language === name);
}
