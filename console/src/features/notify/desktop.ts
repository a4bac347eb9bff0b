import { shallowRef } from 'vue';

/** `none`: this browser has no notifications, or the page did not come by https. */
export type DesktopPermission = NotificationPermission | 'none';

const read = (): DesktopPermission => ('Notification' in window ? Notification.permission : 'none');

/** Whether this browser may show notifications; read again by `refreshPermission`. */
export const desktopPermission = shallowRef<DesktopPermission>('default');
export const refreshPermission = (): void => void (desktopPermission.value = read());

/** Asks, which browsers allow only where somebody pressed something. */
export async function askPermission(): Promise<void> {
  if (read() === 'default') await Notification.requestPermission();
  refreshPermission();
}

/** Shows a notification; a later one with the same tag takes its place. Returns whether it is there. */
export function showOnDesktop(title: string, body: string, tag: string, clicked: () => void): boolean {
  if (read() !== 'granted') return false;
  try {
    const shown = new Notification(title, { body, tag, icon: '/favicon.svg', silent: true });
    shown.onclick = () => {
      window.focus();
      shown.close();
      clicked();
    };
    return true;
  } catch {
    return false; // phones take notifications from a service worker only
  }
}
