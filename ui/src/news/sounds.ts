// Short tones made by the page itself: down when a picture is lost, up when it comes back, three for a rule's alarm. Told apart by ear alone,
// soft enough for the night, and never faster than people can hear them one by one.

const TONES = { lost: [659, 494], back: [523, 698], alarm: [784, 587, 784] };
const LENGTH = 0.16;
const VOLUME = 0.12;
const APART = 3000;

type Sound = keyof typeof TONES;

export class Sounds {
  readonly #allowed: () => boolean;
  #context: AudioContext | null = null;
  readonly #last: Record<Sound, number> = { lost: -APART, back: -APART, alarm: -APART };

  constructor(allowed: () => boolean) {
    this.#allowed = allowed;
  }

  play = (sound: Sound): void => {
    const now = performance.now();
    if (!this.#allowed() || now - this.#last[sound] < APART) return;
    this.#last[sound] = now;
    this.#sound(sound);
  };

  /** Whatever the settings say: to hear what it is like. */
  sample = (sound: Sound): void => this.#sound(sound);

  #sound(sound: Sound): void {
    try {
      this.#context ??= new AudioContext();
      void this.#context.resume().catch(() => undefined);
      const context = this.#context;
      TONES[sound].forEach((frequency, index) => tone(context, frequency, context.currentTime + 0.02 + index * LENGTH));
    } catch {
      // A machine may come without a way to be heard; the notice is seen all the same.
    }
  }
}

/** Fades in and out: a tone that is cut off clicks. */
function tone(context: AudioContext, frequency: number, from: number): void {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = "sine";
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(VOLUME, from + 0.02);
  gain.gain.linearRampToValueAtTime(0, from + LENGTH);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(from + LENGTH);
}
