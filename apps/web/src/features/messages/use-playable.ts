'use client';

import { useEffect, useEffectEvent, useState } from 'react';
import { patiently } from '@/lib/patiently';

/** What is fetched to be decoded here, at most: what WhatsApp takes as audio. */
const MOST_BYTES = 16_000_000;

interface Recording {
  url: string | undefined;
  mimeType: string | null;
  onError: () => void;
}

interface Playable {
  /** What the element is given: the file's address, or a copy that this browser can play, once somebody asked for it. */
  src: string | undefined;
  /** The copy is being made. */
  loading: boolean;
  play: () => void;
}

/** WhatsApp's voice notes are Opus in Ogg, which Safari before 18.4 does not play: there they are decoded, when they are asked for. */
export function usePlayable(audio: React.RefObject<HTMLAudioElement | null>, recording: Recording): Playable {
  const { url, mimeType, onError } = recording;
  const [unknown] = useState(() => isUnknown(mimeType));
  const [wanted, setWanted] = useState(false);
  const [copy, setCopy] = useState<string>();
  const start = () => void audio.current?.play().catch(() => undefined); // told by its error
  const startCopy = useEffectEvent(start);
  const fail = useEffectEvent(onError);

  useEffect(() => {
    if (!wanted || !url) return; // after an error comes another address
    const over = new AbortController();
    makeCopy(url, over.signal).then(
      (bytes) => over.signal.aborted || setCopy(URL.createObjectURL(bytes)),
      () => over.signal.aborted || fail(),
    );
    return () => over.abort();
  }, [wanted, url]);

  useEffect(() => {
    if (!copy) return;
    startCopy();
    return () => URL.revokeObjectURL(copy);
  }, [copy]);

  const play = () => {
    if (!unknown || copy) return start();
    audio.current?.load(); // WebKit lets an element play later that a person's hand loaded
    setWanted(true);
  };
  return { src: unknown ? copy : url, loading: wanted && !copy, play };
}

/** True: Ogg, and this browser knows no Opus in it. */
function isUnknown(mimeType: string | null): boolean {
  if (!mimeType || !/^(audio|application)\/(ogg|opus)\b/i.test(mimeType) || typeof Audio === 'undefined') return false;
  return new Audio().canPlayType('audio/ogg; codecs=opus') === '';
}

/** What is something else after all is left as it is: the element says what it thinks of it. */
async function makeCopy(url: string, signal: AbortSignal): Promise<Blob> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || Number(answer.headers.get('content-length')) > MOST_BYTES) throw new Error('Not to be had.');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { isOggOpus, toWav } = await patiently(() => import('./ogg-opus'));
  return isOggOpus(bytes) ? toWav(bytes, signal) : new Blob([bytes]);
}
