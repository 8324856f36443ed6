// What a drawn bust can look like, and which looks show each prompt and tip: wrong, right, and where to move.

export interface Look {
  eyes: 'open' | 'closed' | 'aside' | 'down';
  mouth: 'closed' | 'open' | 'teeth' | 'smile';
  /** `long` is long and behind the ears. */
  hair: 'neat' | 'long' | 'loose';
  glasses: 'none' | 'clear' | 'glare';
  hat: boolean;
  mask: boolean;
  jewellery: boolean;
  clothes: 'plain' | 'blue' | 'striped';
  light: 'even' | 'side' | 'dark' | 'bright';
  /** Degrees clockwise. */
  tilt: number;
  slant: number;
  /** -1 to the left of the drawing, 1 to the right. */
  turn: number;
  /** -1 up, 1 down. */
  nod: number;
  scale: number;
  shift: number;
  company: boolean;
  absent: boolean;
  /** People differ. */
  tone: 'a' | 'b' | 'c';
  blurred: boolean;
}

export const plain: Look = {
  eyes: 'open',
  mouth: 'closed',
  hair: 'neat',
  glasses: 'none',
  hat: false,
  mask: false,
  jewellery: false,
  clothes: 'plain',
  light: 'even',
  tilt: 0,
  slant: 0,
  turn: 0,
  nod: 0,
  scale: 1,
  shift: 0,
  company: false,
  absent: false,
  tone: 'a',
  blurred: false,
};

export type Arrow = 'left' | 'right' | 'up' | 'down' | 'turn-left' | 'turn-right' | 'level' | 'grow' | 'shrink' | 'still';

export interface Lesson {
  wrong: Partial<Look>;
  right: Partial<Look>;
  arrow?: Arrow;
}

/** By the code of a prompt or tip. Left and right are the mirror's, as people see themselves. */
const lessons: Record<string, Lesson> = {
  nobody: { wrong: { absent: true }, right: {} },
  alone: { wrong: { company: true }, right: {} },
  closer: { wrong: { scale: 0.62 }, right: {}, arrow: 'grow' },
  back: { wrong: { scale: 1.4 }, right: {}, arrow: 'shrink' },
  chin_up: { wrong: { nod: 1 }, right: {}, arrow: 'up' },
  chin_down: { wrong: { nod: -1 }, right: {}, arrow: 'down' },
  turn_left: { wrong: { turn: 1 }, right: {}, arrow: 'turn-left' },
  turn_right: { wrong: { turn: -1 }, right: {}, arrow: 'turn-right' },
  level: { wrong: { tilt: 14 }, right: {}, arrow: 'level' },
  left: { wrong: { shift: 34 }, right: {}, arrow: 'left' },
  right: { wrong: { shift: -34 }, right: {}, arrow: 'right' },
  eyes: { wrong: { eyes: 'closed' }, right: {} },
  mouth: { wrong: { mouth: 'open' }, right: { mouth: 'smile' } },
  expression: { wrong: { mouth: 'teeth' }, right: { mouth: 'smile' } },
  gaze: { wrong: { eyes: 'aside' }, right: {} },
  look: { wrong: { eyes: 'down', nod: 0.6 }, right: {} },
  glasses: { wrong: { glasses: 'clear' }, right: {} },
  hair: { wrong: { hair: 'loose' }, right: { hair: 'long' } },
  hat: { wrong: { hat: true }, right: {} },
  covered: { wrong: { mask: true }, right: {} },
  jewellery: { wrong: { jewellery: true }, right: {} },
  clothes: { wrong: { clothes: 'striped' }, right: {} },
  shoulders: { wrong: { slant: 9, tilt: 6 }, right: {} },
  light: { wrong: { light: 'side' }, right: {} },
  dark: { wrong: { light: 'dark' }, right: {} },
  bright: { wrong: { light: 'bright' }, right: {} },
  still: { wrong: { blurred: true }, right: {}, arrow: 'still' },
  // As advice, glasses may stay where they do not glare; as a prompt they come off.
  'tip.glasses': { wrong: { glasses: 'glare' }, right: { glasses: 'clear' } },
};

export function lesson(code: string): Lesson | undefined {
  return lessons[code];
}

export function tipLesson(code: string): Lesson | undefined {
  return lessons[`tip.${code}`] ?? lessons[code];
}
