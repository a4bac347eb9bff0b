/*
 * What a service worker has around it, as far as ours uses it: the compiler knows either pages or workers, and the console
 * is made of pages.
 */
export interface PushEvent extends Event {
  readonly data: { json(): unknown } | null;
  waitUntil(work: Promise<unknown>): void;
}
export interface FetchEvent extends Event {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
export interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
export interface NotificationClickEvent extends ExtendableEvent {
  readonly notification: Notification;
}
export interface WindowClient {
  readonly url: string;
  readonly focused: boolean;
  focus(): Promise<WindowClient>;
  postMessage(message: unknown): void;
}
interface WorkerEvents {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
  push: PushEvent;
  notificationclick: NotificationClickEvent;
  message: MessageEvent<unknown> & Pick<ExtendableEvent, 'waitUntil'>;
}

export interface WorkerScope {
  readonly location: Location;
  readonly navigator: Partial<Pick<Navigator, 'setAppBadge'>>;
  readonly registration: {
    showNotification(title: string, options: NotificationOptions & { renotify?: boolean }): Promise<void>;
  };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly WindowClient[]>;
    openWindow(url: string): Promise<WindowClient | null>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof WorkerEvents>(name: Name, listener: (event: WorkerEvents[Name]) => void): void;
}
