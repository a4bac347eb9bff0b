import type {
  Agent,
  AgentList,
  Billing,
  AnswerMapping,
  AnswerMappingList,
  BotDryRun,
  BotDryRunResult,
  BotRuleList,
  BusinessProfile,
  CannedReply,
  CannedReplyList,
  ChangeBusinessProfile,
  ChangePassword,
  Channel,
  ChannelList,
  ChannelNotices,
  ChannelReport,
  ChannelStanding,
  DismissTrouble,
  CheckChannel,
  CostQuery,
  CostReport,
  CreateAgent,
  CreateAnswerMapping,
  CreateCannedReply,
  CreateTemplate,
  CreateChannel,
  CreatedAgent,
  CreateRate,
  Delivery,
  DeliveryCounts,
  DeliveryList,
  DeliveryState,
  Demo,
  GeneratedPassword,
  ImportedRates,
  ItemOutcome,
  Offerings,
  Preferences,
  PutBotRules,
  Rate,
  RateCard,
  RecheckChannel,
  RequestCode,
  ReplayedDeliveries,
  RoleList,
  SessionList,
  Setup,
  Team,
  TagUsageList,
  TeamList,
  Template,
  TemplateList,
  TemplateSyncList,
  TestMessage,
  TestMessageSent,
  UpdateAgent,
  UpdateCannedReply,
  UpdateChannel,
  UpdateTemplate,
  UpdateDemo,
  UpdatePreferences,
  UpdateWorkspace,
  Workspace,
} from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

export interface LedgerFilter {
  state?: DeliveryState;
  outcome?: ItemOutcome;
}

/** The server waits for Meta meanwhile, and a sample may be large. */
const META_TIMEOUT_MS = 120_000;

/** Everything that the settings ask of the server. */
export const settingsApi = (http: HttpClient) => ({
  preferences: (): Promise<Preferences> => http.get('/agents/me/preferences'),
  changePreferences: (changes: UpdatePreferences): Promise<Preferences> =>
    http.send('PATCH', '/agents/me/preferences', changes),
  renameMe: (name: string): Promise<Agent> => http.send('PATCH', '/agents/me', { name }),
  changePassword: (change: ChangePassword): Promise<void> => http.post('/auth/password', change),
  ownSessions: (): Promise<SessionList> => http.get('/agents/me/sessions'),
  endOwnSession: (id: string): Promise<void> => http.send('DELETE', `/agents/me/sessions/${id}`),
  endOtherSessions: (): Promise<void> => http.send('DELETE', '/agents/me/sessions'),

  agents: (): Promise<AgentList> => http.get('/agents'),
  createAgent: (agent: CreateAgent): Promise<CreatedAgent> => http.post('/agents', agent),
  updateAgent: (id: string, changes: UpdateAgent): Promise<Agent> => http.send('PATCH', `/agents/${id}`, changes),
  resetPassword: (id: string): Promise<GeneratedPassword> => http.post(`/agents/${id}/password`),
  sessionsOf: (id: string): Promise<SessionList> => http.get(`/agents/${id}/sessions`),
  endSessionOf: (id: string, sessionId: string): Promise<void> =>
    http.send('DELETE', `/agents/${id}/sessions/${sessionId}`),
  roles: (): Promise<RoleList> => http.get('/agents/roles'),

  teams: (): Promise<TeamList> => http.get('/teams'),
  createTeam: (name: string): Promise<Team> => http.post('/teams', { name }),
  renameTeam: (id: string, name: string): Promise<Team> => http.send('PATCH', `/teams/${id}`, { name }),
  setMembers: (id: string, agentIds: readonly string[]): Promise<Team> =>
    http.send('PUT', `/teams/${id}/members`, { agentIds }),

  workspace: (): Promise<Workspace> => http.get('/workspace'),
  updateWorkspace: (changes: UpdateWorkspace): Promise<Workspace> => http.send('PATCH', '/workspace', changes),
  demo: (): Promise<Demo> => http.get('/demo'),
  setDemo: (changes: UpdateDemo): Promise<Demo> => http.send('PATCH', '/demo', changes),
  removeDemo: (): Promise<Demo> => http.send('DELETE', '/demo'),
  setup: (): Promise<Setup> => http.get('/setup'),

  channels: (): Promise<ChannelList> => http.get('/channels'),
  checkCredentials: (credentials: CheckChannel): Promise<ChannelReport> => http.post('/channels/check', credentials),
  createChannel: (channel: CreateChannel): Promise<Channel> => http.post('/channels', channel),
  updateChannel: (id: string, changes: UpdateChannel): Promise<Channel> =>
    http.send('PATCH', `/channels/${id}`, changes),
  checkChannel: (id: string, candidate: RecheckChannel = {}): Promise<ChannelReport> =>
    http.post(`/channels/${id}/check`, candidate),
  channelNotices: (id: string): Promise<ChannelNotices> => http.get(`/channels/${id}/notices`),
  standing: (id: string): Promise<ChannelStanding> => http.get(`/channels/${id}/standing`),
  dismissTrouble: (id: string, { key, seen }: DismissTrouble): Promise<ChannelStanding> =>
    http.post(`/channels/${id}/standing/dismiss`, { key, seen }),
  register: (id: string, pin: string): Promise<ChannelReport> => http.post(`/channels/${id}/register`, { pin }),
  profile: (id: string): Promise<BusinessProfile> => http.get(`/channels/${id}/profile`),
  changeProfile: (id: string, profile: ChangeBusinessProfile): Promise<BusinessProfile> =>
    http.send('PUT', `/channels/${id}/profile`, profile),
  changePicture: (id: string, fileId: string): Promise<BusinessProfile> =>
    http.send('PUT', `/channels/${id}/profile/picture`, { fileId }),
  requestCode: (id: string, request: RequestCode): Promise<void> =>
    http.post(`/channels/${id}/verification-code`, request),
  verifyCode: (id: string, code: string): Promise<ChannelReport> => http.post(`/channels/${id}/verification`, { code }),
  templatesOf: (channel: string): Promise<TemplateList> => http.get('/templates', { query: { channel } }),
  sendTest: (id: string, message: TestMessage): Promise<TestMessageSent> =>
    http.post(`/channels/${id}/test-message`, message),
  subscribe: (id: string): Promise<ChannelReport> => http.post(`/channels/${id}/subscribe`),
  disconnect: (id: string): Promise<Channel> => http.post(`/channels/${id}/disconnect`),

  botRules: (channelId: string): Promise<BotRuleList> => http.get(`/channels/${channelId}/bot-rules`),
  putBotRules: (channelId: string, rules: PutBotRules['rules']): Promise<BotRuleList> =>
    http.send('PUT', `/channels/${channelId}/bot-rules`, { rules }),
  dryRun: (channelId: string, input: BotDryRun): Promise<BotDryRunResult> =>
    http.post(`/channels/${channelId}/bot-rules/dry-run`, input),

  cannedReplies: (): Promise<CannedReplyList> => http.get('/canned-replies'),
  createCannedReply: (reply: CreateCannedReply): Promise<CannedReply> => http.post('/canned-replies', reply),
  updateCannedReply: (id: string, changes: UpdateCannedReply): Promise<CannedReply> =>
    http.send('PATCH', `/canned-replies/${id}`, changes),
  removeCannedReply: (id: string): Promise<void> => http.send('DELETE', `/canned-replies/${id}`),

  answerMappings: (): Promise<AnswerMappingList> => http.get('/answer-mappings'),
  createAnswerMapping: (mapping: CreateAnswerMapping): Promise<AnswerMapping> => http.post('/answer-mappings', mapping),
  removeAnswerMapping: (id: string): Promise<void> => http.send('DELETE', `/answer-mappings/${id}`),

  tagUsage: (): Promise<TagUsageList> => http.get('/tags/usage'),
  createTag: (name: string): Promise<void> => http.post('/tags', { name }),
  renameTag: (current: string, name: string, merge: boolean): Promise<void> =>
    http.send('PATCH', `/tags/${encodeURIComponent(current)}`, { name, merge }),
  removeTag: (name: string): Promise<void> => http.send('DELETE', `/tags/${encodeURIComponent(name)}`),
  offerings: (channelId: string): Promise<Offerings> => http.get(`/channels/${channelId}/offerings`),
  templates: (): Promise<TemplateList> => http.get('/templates'),
  createTemplate: (template: CreateTemplate): Promise<Template> =>
    http.post('/templates', template, { timeoutMs: META_TIMEOUT_MS }),
  updateTemplate: (id: string, content: UpdateTemplate): Promise<Template> =>
    http.send('PATCH', `/templates/${encodeURIComponent(id)}`, content, { timeoutMs: META_TIMEOUT_MS }),
  removeTemplate: (id: string): Promise<void> =>
    http.send('DELETE', `/templates/${encodeURIComponent(id)}`, undefined, { timeoutMs: META_TIMEOUT_MS }),
  /** Of this number's account; of all without one. */
  syncTemplates: (channelId?: string): Promise<TemplateSyncList> => http.post('/templates/sync', { channelId }),

  costs: (query: Omit<CostQuery, 'limit'>): Promise<CostReport> => http.get('/costs', { query }),
  costsCsv: (query: Omit<CostQuery, 'limit'>): Promise<Uint8Array> =>
    http.bytes(`/costs/csv?${new URLSearchParams(query).toString()}`),
  rateCard: (): Promise<RateCard> => http.get('/rates'),
  createRate: (rate: CreateRate): Promise<Rate> => http.post('/rates', rate),
  updateRate: (id: string, rate: CreateRate): Promise<Rate> => http.send('PATCH', `/rates/${id}`, rate),
  removeRate: (id: string): Promise<void> => http.send('DELETE', `/rates/${id}`),
  importRates: (csv: string): Promise<ImportedRates> => http.post('/rates/import', { csv }),
  putBilling: (billing: Billing): Promise<Billing> => http.send('PUT', '/rates/billing', billing),

  deliveries: (filter: LedgerFilter, cursor: string | null, limit = 50): Promise<DeliveryList> =>
    http.get('/webhook-deliveries', { query: { ...filter, cursor, limit } }),
  delivery: (id: string): Promise<Delivery> => http.get(`/webhook-deliveries/${id}`),
  deliveryBody: (id: string): Promise<Uint8Array> => http.bytes(`/webhook-deliveries/${id}/body`),
  deliveryCounts: (): Promise<DeliveryCounts> => http.get('/webhook-deliveries/counts'),
  replay: (ids: readonly string[]): Promise<ReplayedDeliveries> => http.post('/webhook-deliveries/replay', { ids }),
});
export type SettingsApi = ReturnType<typeof settingsApi>;
