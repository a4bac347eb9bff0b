/**
 * On a real link: a plain click does `act` instead of following it; with a modifier or another button the browser opens
 * its tab or window as ever.
 */
export function onPlainClick(event: MouseEvent, act: () => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  act();
}
