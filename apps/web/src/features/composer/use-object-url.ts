'use client';

import { useEffect, useState } from 'react';

/** Where this page alone reads these bytes; undefined: not yet, or there are none. */
export function useObjectUrl(bytes: Blob | null): string | undefined {
  const [made, setMade] = useState<{ bytes: Blob; url: string } | null>(null);
  useEffect(() => {
    if (!bytes) return;
    const url = URL.createObjectURL(bytes);
    setMade({ bytes, url });
    return () => URL.revokeObjectURL(url);
  }, [bytes]);
  return made && made.bytes === bytes ? made.url : undefined;
}
