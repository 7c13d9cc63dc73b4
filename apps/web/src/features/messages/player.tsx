'use client';

import { LoaderCircle, Pause, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { Icon } from '@/components/icon';
import { lengthWords } from './times';
import { usePlayable } from './use-playable';

const SEEK_S = 5;
const speeds = [1, 1.5, 2] as const;

/** One speaks at a time. */
let speaking: HTMLAudioElement | null = null;

/** A thin line, as far as it was played in the accent's colour. */
const track = [
  'block h-4 w-full appearance-none rounded-1 bg-size-[100%_2px] bg-center bg-no-repeat',
  'bg-[linear-gradient(to_right,var(--accent)_var(--played),var(--line-strong)_var(--played))]',
  '[&::-webkit-slider-thumb]:size-3 [&::-webkit-slider-thumb]:appearance-none [&::-webkit-slider-thumb]:rounded-full [&::-webkit-slider-thumb]:bg-accent',
  '[&::-moz-range-thumb]:size-3 [&::-moz-range-thumb]:rounded-full [&::-moz-range-thumb]:border-0 [&::-moz-range-thumb]:bg-accent',
].join(' ');

interface PlayerProps {
  /** Undefined while it is asked for. */
  url: string | undefined;
  mimeType: string | null;
  name: string;
  /** As its sender said. Null: not said. */
  durationMs: number | null;
  onError: () => void;
}

/** Plays a recording: where it is, how long it is, how fast. Arrows go five seconds. */
export function Player({ url, mimeType, name, durationMs, onError }: PlayerProps) {
  const t = useTranslations('messages.content.file');
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState((durationMs ?? 0) / 1_000);
  const [speed, setSpeed] = useState<number>(1);
  const { src, loading, play } = usePlayable(audio, { url, mimeType, onError });

  const seek = (to: number) => {
    if (!audio.current) return;
    audio.current.currentTime = Math.max(0, Math.min(length, to));
    setAt(audio.current.currentTime);
  };
  const faster = () => {
    const next = speeds.find((one) => one > speed) ?? 1;
    if (audio.current) audio.current.defaultPlaybackRate = audio.current.playbackRate = next; // also for what it loads later
    setSpeed(next);
  };
  const place = t('of', { at: lengthWords(at * 1_000), length: lengthWords(length * 1_000) });

  return (
    <span
      role="group"
      aria-label={name}
      className="flex w-[264px] max-w-full items-center gap-2.5 py-1 max-md:w-[232px]"
    >
      <button
        type="button"
        disabled={url === undefined}
        aria-busy={loading}
        aria-label={t(playing ? 'pause' : 'play')}
        onClick={() => (playing ? audio.current?.pause() : play())}
        className="grid size-8 flex-none place-items-center rounded-full bg-accent text-on-accent hover:bg-accent-hover disabled:opacity-50"
      >
        <Icon of={loading ? LoaderCircle : playing ? Pause : Play} className={loading ? 'animate-spin' : ''} />
      </button>
      <span className="min-w-0 flex-1">
        <input
          type="range"
          min={0}
          max={length || 1}
          step="any"
          value={at}
          aria-label={t('position')}
          aria-valuetext={place}
          disabled={url === undefined}
          onChange={(event) => seek(event.target.valueAsNumber)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? SEEK_S : event.key === 'ArrowLeft' ? -SEEK_S : 0;
            if (step === 0) return;
            event.preventDefault();
            seek(at + step);
          }}
          onPointerDown={(event) => event.stopPropagation()} // a finger here draws no bubble aside
          style={{ '--played': `${length ? (100 * at) / length : 0}%` } as React.CSSProperties}
          className={track}
        />
        <span className="num flex items-center justify-between text-meta text-ink-2">
          {place}
          <button
            type="button"
            aria-label={t('speed', { times: speed })}
            onClick={faster}
            className="-me-1 h-6 min-w-8 rounded-1 text-end font-medium text-accent-ink"
          >
            {speed}×
          </button>
        </span>
      </span>
      <audio
        ref={audio}
        src={src}
        preload={durationMs === null ? 'metadata' : 'none'}
        onPlay={(event) => {
          if (speaking !== event.currentTarget) speaking?.pause();
          speaking = event.currentTarget;
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onDurationChange={({ currentTarget: { duration } }) => Number.isFinite(duration) && setLength(duration)}
        onError={onError}
      />
    </span>
  );
}
