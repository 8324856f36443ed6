// Drawn stand-ins for the camera's pictures and the photos.

const figure = (ground: string) => `
  ${ground}
  <path d="M-190 640 C-184 470 -110 440 -46 420 L-46 360 L46 360 L46 420 C110 440 184 470 190 640 Z" fill="#0b4a80"/>
  <path d="M-46 360 L46 360 L46 420 L0 470 L-46 420 Z" fill="#efcfb4"/>
  <ellipse cx="-122" cy="262" rx="18" ry="30" fill="#fde8d4"/><ellipse cx="122" cy="262" rx="18" ry="30" fill="#fde8d4"/>
  <path d="M-120 250 C-120 130 -70 92 0 92 C70 92 120 130 120 250 C120 340 60 418 0 418 C-60 418 -120 340 -120 250 Z" fill="#fde8d4"/>
  <path d="M-130 250 C-140 110 -70 72 0 72 C70 72 140 110 130 250 C124 205 112 180 90 165 C40 150 20 140 8 128 C-20 158 -60 166 -88 168 C-112 180 -124 205 -130 250 Z" fill="#22405c"/>
  <g fill="none" stroke="#14202c" stroke-width="7" stroke-linecap="round">
    <path d="M-78 222 Q-52 210 -28 222 M28 222 Q52 210 78 222 M-2 262 L-10 300 Q0 308 12 302 M-28 350 Q0 362 28 350"/>
  </g>
  <circle cx="-52" cy="252" r="11" fill="#14202c"/><circle cx="52" cy="252" r="11" fill="#14202c"/>`;

const svg = (width: number, height: number, inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${inside}</svg>`;

/** What a camera would see: 1920 × 1080, somebody before a wall. */
export function room(sway = 0): string {
  const ground = '';
  return svg(
    1920,
    1080,
    `<rect width="1920" height="1080" fill="#c9c2b4"/><rect y="820" width="1920" height="260" fill="#9b8f7c"/>
     <rect x="160" y="120" width="360" height="420" fill="#e8eef2" stroke="#8f877a" stroke-width="14"/><path d="M340 120V540M160 330H520" stroke="#8f877a" stroke-width="10"/>
     <rect x="1440" y="260" width="300" height="560" fill="#7a6a54"/><circle cx="1490" cy="540" r="14" fill="#c9a94e"/>
     <g transform="translate(${960 + sway} 60) scale(1.6)">${figure(ground)}</g>`,
  );
}

/** A finished photo. */
export function finished(): string {
  return svg(480, 640, `<rect width="480" height="640" fill="#64c5ff"/><g transform="translate(240 0)">${figure('')}</g>`);
}

export const dataUrl = (picture: string): string => `data:image/svg+xml,${encodeURIComponent(picture)}`;
