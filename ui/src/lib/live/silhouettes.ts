// The outlines of head and shoulders, one for each photo preset.
const files = import.meta.glob<string>('../../../../assets/silhouettes/*.svg', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export interface Silhouette {
  width: number;
  height: number;
  path: string;
}

function read(svg: string): Silhouette | null {
  const box = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  const path = /\sd="([^"]+)"/.exec(svg);
  return box && path ? { width: Number(box[1]), height: Number(box[2]), path: path[1] ?? '' } : null;
}

const outlines = new Map<string, Silhouette>();
for (const [path, svg] of Object.entries(files)) {
  const id = /([^/]+)\.svg$/.exec(path)?.[1];
  const outline = read(svg);
  if (id && outline) outlines.set(id, outline);
}

/** The outline of a preset, or the diploma photo's where it has none of its own. */
export function silhouette(id: string): Silhouette | undefined {
  return outlines.get(id) ?? outlines.get('chsi');
}

export const silhouetteIds = [...outlines.keys()];
