import type { Me } from '@parley/contracts/me';
import type { Permission } from '@parley/contracts/permissions';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';
import { routes } from '@/lib/routes';

/** Who is signed in. `seq` is where everything else starts from: the stream opens after it. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<{ me: Me; seq: number }> => {
    const { body, stamp } = await call(routes.getMe, { signal });
    return { me: body, seq: stamp.seq };
  },
});

/** The signed-in person, once known. Inside the inbox they always are. */
export function useMe(): Me | undefined {
  return useQuery(meQuery).data?.me;
}

/** Whether the role lets them, on what they see. */
export function useMay(permission: Permission): boolean {
  return useMe()?.permissions.includes(permission) ?? false;
}
