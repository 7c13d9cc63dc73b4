import type { Me } from '@parley/contracts/me';
import type { Permission } from '@parley/contracts/permissions';
import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { adoptLanguage } from '@/i18n/language-cookie';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

/** Who is signed in. `seq` is where everything else starts from: the stream opens after it. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<{ me: Me; seq: number }> => {
    const { body, stamp } = await call(routes.getMe, { signal });
    if (adoptLanguage(body)) await new Promise<never>(() => undefined); // nothing shows in the wrong one
    return { me: body, seq: stamp.seq };
  },
});

const SignedIn = createContext<Me | undefined>(undefined);
/** Tells everything below who is signed in: rows ask it by the hundred, which no query need notice. */
export const SignedInProvider = SignedIn.Provider;

/** The signed-in person, once known. Inside the inbox they always are. */
export function useMe(): Me | undefined {
  return useContext(SignedIn);
}

/** Whether the role lets them, on what they see. */
export function useMay(permission: Permission): boolean {
  return useMe()?.permissions.includes(permission) ?? false;
}
