'use client';

import { useEffect, useRef, useState } from 'react';

/** While something is dragged, browsers say so more often than this. */
const GONE_MS = 400;

/**
 * Takes files that are dropped anywhere on the page, and says whether some hover over it. Null: none are wanted, and the
 * browser does what it does.
 */
export function useFileDrop(onFiles: ((files: File[]) => void) | null): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wanted = ({ dataTransfer }: DragEvent) => latest.current !== null && dataTransfer?.types.includes('Files');
    const onOver = (event: DragEvent) => {
      if (!wanted(event)) return;
      event.preventDefault();
      setOver(true);
      clearTimeout(timer);
      timer = setTimeout(() => setOver(false), GONE_MS);
    };
    const onDrop = (event: DragEvent) => {
      if (!wanted(event)) return;
      event.preventDefault();
      clearTimeout(timer);
      setOver(false);
      latest.current?.([...(event.dataTransfer?.files ?? [])]);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('drop', onDrop);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return over;
}
