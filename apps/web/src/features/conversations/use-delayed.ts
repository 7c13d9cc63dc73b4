'use client';

import { useEffect, useState } from 'react';

/** True once `condition` has held for `ms`; false at once when it no longer does. */
export function useDelayed(condition: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setLate(true), ms);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [condition, ms]);
  return condition && late;
}
