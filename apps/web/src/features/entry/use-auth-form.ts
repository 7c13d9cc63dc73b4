'use client';

import { useActionState } from 'react';
import { postAuth } from '@/features/sign-in/sign-in';
import { refusal } from '@parley/client/api-error';
import { useProblemWords } from './use-problem-words';

/** A form whose refusals are said in words; `problemOf` may have its own for some. */
export function useAuthForm(
  work: (data: FormData) => Promise<void>,
  problemOf: (error: unknown) => string | null = () => null,
) {
  const problemWords = useProblemWords();
  const [problem, submit, pending] = useActionState(
    (_: unknown, data: FormData): Promise<string | null> =>
      work(data).then(
        () => null,
        (error: unknown) => problemOf(error) ?? problemWords(error),
      ),
    null,
  );
  return { problem, submit, pending };
}

/** Asks what serves passwords and second proofs. Throws `ApiError`. */
export async function askAuth(path: string, body: Record<string, unknown>): Promise<unknown> {
  const response = await postAuth(path, body);
  if (!response.ok) throw await refusal(response);
  return response.json();
}
