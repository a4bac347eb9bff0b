// The arrows between the rooms: who may import whom. ARCHITECTURE.md draws them; this file keeps them.
// The console has its own compiler settings, so it is walked in a run of its own: PARLEY_CRUISE=console.
import path from 'node:path';

const isConsole = process.env.PARLEY_CRUISE === 'console';

/** Feature of the backend → the features whose services it may use. */
const ARROWS = {
  agents: [],
  auth: ['agents'],
  workspace: [],
  channels: [],
  'canned-replies': [],
  conversations: ['agents', 'channels'],
  media: ['channels', 'conversations'],
  templates: ['channels', 'media'],
  outbound: ['channels', 'conversations', 'media', 'templates'],
  failures: ['channels', 'conversations'],
  costs: ['conversations'],
  notifications: ['conversations'],
  webhook: ['channels', 'conversations', 'templates', 'workspace'],
  bot: ['channels', 'conversations', 'outbound'],
  realtime: ['agents', 'auth', 'conversations'],
  setup: ['channels', 'media', 'webhook', 'workspace'],
};
/** Feature → its rooms → the other rooms of it that each stands on. What lies beside the rooms serves all of them. */
const ROOMS = {
  outbound: {
    content: [],
    graph: [],
    receipts: ['graph'],
    results: ['graph'],
    sending: ['content', 'graph', 'receipts', 'results'],
    queueing: ['content', 'sending'],
    typing: ['graph'],
    undo: ['queueing'],
    used: [],
  },
  realtime: { events: [], sockets: ['events'], presence: ['sockets'] },
  webhook: { door: [], parsing: [], drain: ['door', 'parsing'], ledger: ['drain', 'parsing'] },
};
const FEATURES = Object.keys(ARROWS);
const INFRASTRUCTURE = ['common', 'config', 'database', 'hints', 'log', 'metrics', 'queues'];

const inBackend = (...folders) => `^backend/src/(${folders.join('|')})/`;

const arrows = FEATURES.map((feature) => ({
  name: `${feature}-knows-only-what-it-stands-on`,
  comment: `backend/src/${feature} may import ${ARROWS[feature].join(', ') || 'no other feature'}.`,
  severity: 'error',
  from: { path: inBackend(feature), pathNot: '\\.spec\\.ts$' },
  to: { path: inBackend(...FEATURES, 'demo', 'health', 'app'), pathNot: inBackend(feature, ...ARROWS[feature]) },
}));

const roomArrows = Object.entries(ROOMS).flatMap(([feature, rooms]) =>
  Object.keys(rooms).map((room) => ({
    name: `${feature}-${room}-knows-only-what-it-stands-on`,
    comment: `backend/src/${feature}/${room} may import ${rooms[room].join(', ') || 'no other room'} of ${feature}.`,
    severity: 'error',
    from: { path: inBackend(`${feature}/${room}`), pathNot: '\\.spec\\.ts$' },
    to: {
      path: `^backend/src/${feature}/(.+/|.*\\.(module|controller)\\.ts$)`,
      pathNot: inBackend(...[room, ...rooms[room]].map((known) => `${feature}/${known}`)),
    },
  })),
);

const backendRules = [
  ...arrows,
  ...roomArrows,
  {
    name: 'the-doctor-stands-outside',
    comment: 'It looks at an installation that may be broken: no feature runs in it.',
    severity: 'error',
    from: { path: inBackend('doctor') },
    to: { path: inBackend(...FEATURES, 'demo', 'health', 'app') },
  },
  {
    name: 'infrastructure-knows-no-feature',
    severity: 'error',
    from: { path: inBackend(...INFRASTRUCTURE) },
    to: { path: inBackend(...FEATURES, 'demo', 'health', 'app') },
  },
  {
    name: 'insides-stay-inside',
    comment:
      'Another feature’s service may be used; its repository and its processor may not. Excepted are the primitives that ' +
      'conversations exports: what others write there in a transaction of their own, under the thread’s row lock.',
    severity: 'error',
    from: { path: '^backend/src/([^/]+)/', pathNot: inBackend('demo') },
    to: {
      path: `^backend/src/(${FEATURES.join('|')})/.*\\.(repository|processor|controller|gateway)\\.ts$`,
      pathNot: [
        '^backend/src/$1/',
        '^backend/src/conversations/(conversations|outbound-messages|reading/read-receipts)\\.repository\\.ts$',
        '^backend/src/conversations/(statuses/message-statuses|inbound/waiting-items)\\.repository\\.ts$',
      ],
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'orm-in-its-files',
    comment: 'SQL and TypeORM live in entities, repositories and database/; modules wire them.',
    severity: 'error',
    from: {
      path: '^backend/src/',
      pathNot: ['\\.(entity|repository|module|spec)\\.ts$', inBackend('database')],
    },
    to: { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'contract-imports-nobody',
    severity: 'error',
    from: { path: '^backend/contract/src/', pathNot: '\\.spec\\.ts$' },
    to: { pathNot: ['^backend/contract/src/', 'node_modules/zod/'] },
  },
  {
    name: 'tests-from-outside-stay-outside',
    comment: 'The browser tests and the simulator know the product by its interface alone.',
    severity: 'error',
    from: { path: '^e2e/' },
    to: { path: '^(backend/src|console/src)/' },
  },
];

const consoleRules = [
  {
    name: 'console-never-imports-the-backend',
    severity: 'error',
    from: { path: '^console/' },
    to: { path: '^backend/(src|dist)/' },
  },
  {
    name: 'shared-knows-no-feature',
    severity: 'error',
    from: { path: '^console/src/(shared|i18n)/' },
    to: { path: '^console/src/(features|realtime)/' },
  },
  {
    name: 'features-meet-in-their-stores',
    comment:
      'A feature may use another one’s store, API or types; its components stay its own. The shell puts all in place.',
    severity: 'error',
    from: { path: '^console/src/features/([^/]+)/', pathNot: '^console/src/features/shell/' },
    to: {
      path: '^console/src/features/[^/]+/.*\\.vue$',
      pathNot: '^console/src/features/$1/',
      dependencyTypesNot: ['type-only'],
    },
  },
];

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'No two files know each other, not even by their types.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { pathNot: '\\.(spec|int-spec)\\.ts$' },
      to: { path: '\\.(spec|int-spec)\\.ts$' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|~)' },
    },
    ...(isConsole ? consoleRules : backendRules),
  ],
  options: {
    tsConfig: { fileName: path.join(import.meta.dirname, isConsole ? 'console' : 'backend', 'tsconfig.json') },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
