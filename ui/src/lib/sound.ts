// The countdown's ticks, the shutter and what a scan came to, made here and not played from a file.

let context: AudioContext | null = null;

function ready(): AudioContext | null {
  if (typeof AudioContext === 'undefined') return null;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  return context;
}

function tone(audio: AudioContext, hertz: number, at: number, seconds: number, loudness: number, wave: OscillatorType = 'sine'): void {
  const source = audio.createOscillator();
  const level = audio.createGain();
  source.type = wave;
  source.frequency.value = hertz;
  level.gain.setValueAtTime(0, at);
  level.gain.linearRampToValueAtTime(loudness, at + 0.008);
  level.gain.exponentialRampToValueAtTime(0.0001, at + seconds);
  source.connect(level).connect(audio.destination);
  source.start(at);
  source.stop(at + seconds);
}

function click(audio: AudioContext, at: number, seconds: number, hertz: number): void {
  const length = Math.ceil(audio.sampleRate * seconds);
  const buffer = audio.createBuffer(1, length, audio.sampleRate);
  const data = buffer.getChannelData(0);
  for (let i = 0; i < length; i += 1) data[i] = (Math.random() * 2 - 1) * (1 - i / length) ** 3;
  const source = audio.createBufferSource();
  const filter = audio.createBiquadFilter();
  const level = audio.createGain();
  filter.type = 'bandpass';
  filter.frequency.value = hertz;
  level.gain.value = 0.5;
  source.buffer = buffer;
  source.connect(filter).connect(level).connect(audio.destination);
  source.start(at);
}

/** One number of the countdown. */
export function tick(): void {
  const audio = ready();
  if (audio) tone(audio, 880, audio.currentTime, 0.16, 0.25);
}

/** The shutter: two blades. */
export function shutter(): void {
  const audio = ready();
  if (!audio) return;
  click(audio, audio.currentTime, 0.05, 2600);
  click(audio, audio.currentTime + 0.09, 0.08, 1700);
}

/** The order is made. */
export function chime(): void {
  const audio = ready();
  if (!audio) return;
  tone(audio, 659, audio.currentTime, 0.3, 0.18);
  tone(audio, 988, audio.currentTime + 0.12, 0.5, 0.18);
}

/** A scan that did what it should: short, so that it never lies over the next one. */
export function accepted(): void {
  const audio = ready();
  if (audio) tone(audio, 1319, audio.currentTime, 0.12, 0.22);
}

/** A scan that needs a look: two low buzzes, not to be taken for the other however loud the hall is. */
export function refused(): void {
  const audio = ready();
  if (!audio) return;
  tone(audio, 185, audio.currentTime, 0.22, 0.3, 'square');
  tone(audio, 139, audio.currentTime + 0.26, 0.4, 0.3, 'square');
}
