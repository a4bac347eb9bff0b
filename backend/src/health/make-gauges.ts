import type { Metrics } from '../metrics/metrics.js';
import { COUNTED_AT_MOST } from './backlog.repository.js';

const upTo = `Counted up to ${COUNTED_AT_MOST}.`;

/** The gauges that the database fills. */
export const makeGauges = (metrics: Metrics) => ({
  up: metrics.gauge('parley_database_up', '1 when PostgreSQL answered the questions of this scrape in time.'),
  deliveries: metrics.gauge(
    'parley_deliveries_waiting',
    `Stored deliveries that are not done, by state; dead ones wait for a person. ${upTo}`,
    ['state'],
  ),
  deliveriesOldest: metrics.gauge('parley_deliveries_oldest_seconds', 'Age of the oldest of them.', ['state']),
  items: metrics.gauge(
    'parley_delivery_items_open',
    `Items without an effect yet: of a number nobody connected (unrouted), waiting for their message, dead. ${upTo}`,
    ['outcome'],
  ),
  lastDelivery: metrics.gauge('parley_last_delivery_age_seconds', 'Since Meta delivered anything.'),
  outbox: metrics.gauge(
    'parley_outbox_messages',
    `Messages that wait to be sent or are on their way; overdue: threads whose turn has come. ${upTo}`,
    ['state'],
  ),
  outboxOldest: metrics.gauge('parley_outbox_oldest_seconds', 'Age of the oldest of them.', ['state']),
  numberState: metrics.gauge('parley_number_state', '1 for the state that a business number is in.', [
    'channel',
    'name',
    'state',
  ]),
  numberPace: metrics.gauge('parley_number_pace', 'Messages a second that a number is kept to.', ['channel', 'name']),
  conversations: metrics.gauge('parley_conversations', 'Threads that are not resolved.', ['status', 'owned']),
  queue: metrics.gauge('parley_queue_conversations', 'Open threads that nobody owns.'),
  waitingOldest: metrics.gauge(
    'parley_waiting_oldest_seconds',
    'How long the customer has waited who waits longest, anywhere and in the queue.',
    ['where'],
  ),
  horizonAge: metrics.gauge(
    'parley_log_horizon_age_seconds',
    'How long the oldest writing transaction of the PostgreSQL server has held the log back.',
  ),
  horizonHolder: metrics.gauge('parley_log_horizon_holder_seconds', 'The same, with who holds it.', ['holder']),
  tailerLag: metrics.gauge('parley_tailer_lag_seconds', 'Age of the oldest event that this instance has not told.'),
  consumerEnabled: metrics.gauge('parley_consumer_enabled', '0 for a listener of the log that was given up.', [
    'consumer',
  ]),
  consumerBehind: metrics.gauge('parley_consumer_behind_events', `Events that it has not handled. ${upTo}`, [
    'consumer',
  ]),
  consumerLag: metrics.gauge('parley_consumer_lag_seconds', 'Age of the oldest of them.', ['consumer']),
});
