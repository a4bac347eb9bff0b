import type { NotificationList, ReadNotifications, UnreadNotifications } from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

/** What the notification centre asks of the server. */
export const notificationsApi = (http: HttpClient) => ({
  list: (cursor: string | null): Promise<NotificationList> =>
    http.get('/notifications', { query: { cursor, limit: 30 } }),
  read: (choice: ReadNotifications): Promise<UnreadNotifications> => http.post('/notifications/read', choice),
});
