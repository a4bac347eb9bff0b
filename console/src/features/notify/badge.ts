const SIZE = 64;
const DOT_COLOUR = '#dc2626';
const FACE_COLOUR = '#ffffff';
const MOST_SHOWN = 99;

const link = (): HTMLLinkElement | null => document.querySelector('link[rel="icon"]');
let plain: string | null = null;
let wanted = '';

/** Draws the icon with the count, or a dot where there is something but no number. */
async function draw(source: string, text: string): Promise<string> {
  const icon = new Image(SIZE, SIZE);
  icon.src = source;
  await icon.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  if (!pen) return source;
  pen.drawImage(icon, 0, 0, SIZE, SIZE);
  const radius = text === '' ? 12 : 20;
  pen.fillStyle = DOT_COLOUR;
  pen.beginPath();
  pen.arc(SIZE - radius, radius, radius, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = FACE_COLOUR;
  pen.font = `700 ${text.length > 1 ? 24 : 30}px sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, SIZE - radius, radius + 2);
  return canvas.toDataURL('image/png');
}

/** What the tab's icon and, where there is one, the installed app's icon show. */
export function showBadge(count: number, hasMore: boolean): void {
  const app = navigator as Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge'>>;
  const badged = count > 0 ? app.setAppBadge?.(count) : hasMore ? app.setAppBadge?.() : app.clearAppBadge?.();
  badged?.catch(() => undefined); // not installed
  const icon = link();
  if (!icon) return;
  plain ??= icon.href;
  wanted = count === 0 && !hasMore ? 'none' : count === 0 ? '' : String(Math.min(count, MOST_SHOWN));
  const drawn = wanted;
  if (drawn === 'none') icon.href = plain;
  else
    draw(plain, drawn)
      .then((url) => void (drawn === wanted && (icon.href = url)))
      .catch(() => undefined);
}

/** The tab's title with its count in front; a dot stands for news without a number. */
export const badgedTitle = (name: string, count: number, hasMore: boolean): string =>
  count > 0 ? `(${count}) ${name}` : hasMore ? `• ${name}` : name;
