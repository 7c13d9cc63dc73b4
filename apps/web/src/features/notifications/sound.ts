/** Two soft notes, made here: no file to fetch, nothing to license. */
const NOTES = [
  { hertz: 659.25, at: 0 },
  { hertz: 880, at: 0.09 },
];
const LENGTH_S = 0.32;
const LOUDNESS = 0.12;

let context: AudioContext | null = null;

/** Plays the sound. False: the browser keeps sounds off until somebody clicks. */
export async function ring(): Promise<boolean> {
  if (!(await unlockSound())) return false;
  if (context) NOTES.forEach((note) => play(context as AudioContext, note)); // checked on this line
  return true;
}

/** Inside a click this always works; outside, only where the browser already trusts the page. */
export async function unlockSound(): Promise<boolean> {
  if (!('AudioContext' in window)) return false;
  context ??= new AudioContext();
  if (context.state === 'suspended')
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 200))]); // never resolves while blocked
  return context.state === 'running';
}

function play(audio: AudioContext, { hertz, at }: (typeof NOTES)[number]): void {
  const start = audio.currentTime + at;
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.type = 'sine';
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH_S);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + LENGTH_S);
}
