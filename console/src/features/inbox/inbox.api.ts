import type {
  AgentList,
  BeginConversation,
  Assign,
  CannedReplyList,
  ChannelList,
  ContactDetails,
  Conversation,
  ConversationCounts,
  ConversationList,
  ConversationListQuery,
  CreateNote,
  Draft,
  DraftList,
  DraftMode,
  Gallery,
  GalleryKind,
  Message,
  MessageList,
  MessageRevisionList,
  Note,
  NoteList,
  PriceList,
  Offerings,
  Priority,
  RawMessage,
  ResendMessage,
  SendMessage,
  ServicePrice,
  SetTags,
  TagList,
  TakenNext,
  TeamList,
  TemplateList,
  UpdateContact,
  UpdateNote,
  UsedOfferings,
  Workspace,
} from '@parley/contract';
import type { HttpClient } from '../../shared/http.js';

export type ListQuery = Partial<ConversationListQuery>;

const PAGE_SIZE = 50;
const GALLERY_PAGE = 30;

/** The routes behind the inbox, one method each. */
export const inboxApi = (http: HttpClient) => ({
  list: (query: ListQuery): Promise<ConversationList> =>
    http.get('/conversations', { query: { limit: PAGE_SIZE, ...query } }),
  counts: (): Promise<ConversationCounts> => http.get('/conversations/counts'),
  conversation: (id: string): Promise<Conversation> => http.get(`/conversations/${id}`),
  messages: (id: string, before: string | null): Promise<MessageList> =>
    http.get(`/conversations/${id}/messages`, { query: { before, limit: PAGE_SIZE } }),
  agents: (): Promise<AgentList> => http.get('/agents'),
  workspace: (): Promise<Workspace> => http.get('/workspace'),
  teams: (): Promise<TeamList> => http.get('/teams'),
  send: (id: string, message: SendMessage): Promise<Message> => http.post(`/conversations/${id}/messages`, message),
  resend: (id: string, messageId: string, again: ResendMessage): Promise<Message> =>
    http.post(`/conversations/${id}/messages/${messageId}/resend`, again),
  gallery: (id: string, kind: GalleryKind, before: string | null): Promise<Gallery> =>
    http.get(`/conversations/${id}/gallery`, { query: { kind, before, limit: GALLERY_PAGE } }),
  rawMessage: (id: string, messageId: string): Promise<RawMessage> =>
    http.get(`/conversations/${id}/messages/${messageId}/raw`),
  next: (): Promise<TakenNext> => http.post('/conversations/next'),
  retryFile: (fileId: string): Promise<void> => http.post(`/media/${fileId}/retry`),
  claim: (id: string): Promise<Conversation> => http.post(`/conversations/${id}/claim`),
  release: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/release`, { expectedVersion }),
  resolve: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/resolve`, { expectedVersion }),
  reopen: (id: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/reopen`, { expectedVersion }),
  snooze: (id: string, until: string, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/snooze`, { until, expectedVersion }),
  assign: (id: string, assign: Assign): Promise<Conversation> => http.post(`/conversations/${id}/assign`, assign),
  undo: (id: string): Promise<Conversation> => http.post(`/conversations/${id}/undo`),
  undoSend: (id: string, messageId: string): Promise<Message> =>
    http.post(`/conversations/${id}/messages/${messageId}/undo`),
  revisions: (id: string, messageId: string): Promise<MessageRevisionList> =>
    http.get(`/conversations/${id}/messages/${messageId}/revisions`),
  setTags: (id: string, tags: Partial<SetTags>): Promise<Conversation> => http.post(`/conversations/${id}/tags`, tags),
  setPriority: (id: string, priority: Priority | null, expectedVersion?: number): Promise<Conversation> =>
    http.post(`/conversations/${id}/priority`, { priority, expectedVersion }),
  tags: (): Promise<TagList> => http.get('/tags'),
  notes: (id: string): Promise<NoteList> => http.get(`/conversations/${id}/notes`),
  createNote: (id: string, note: CreateNote): Promise<Note> => http.post(`/conversations/${id}/notes`, note),
  updateNote: (id: string, noteId: string, change: UpdateNote): Promise<Note> =>
    http.send('PATCH', `/conversations/${id}/notes/${noteId}`, change),
  deleteNote: (id: string, noteId: string): Promise<void> =>
    http.send('DELETE', `/conversations/${id}/notes/${noteId}`),
  contact: (id: string): Promise<ContactDetails> => http.get(`/conversations/${id}/contact`),
  updateContact: (id: string, change: UpdateContact): Promise<ContactDetails> =>
    http.send('PATCH', `/conversations/${id}/contact`, change),
  drafts: (): Promise<DraftList> => http.get('/drafts'),
  saveDraft: (id: string, mode: DraftMode, body: string, basedOn: number): Promise<Draft> =>
    http.send('PUT', `/conversations/${id}/drafts/${mode}`, { body, basedOn }),
  offerings: (channel: string, catalog: string | undefined): Promise<Offerings> =>
    http.get(`/channels/${channel}/offerings`, { query: { catalog } }),
  channels: (): Promise<ChannelList> => http.get('/channels'),
  /** Writes to a customer first; the thread that there is with them goes on. */
  begin: (request: BeginConversation): Promise<Conversation> => http.post('/conversations', request),
  /** What was named in messages from this number, by whomever. */
  usedOfferings: (channel: string, catalog: string | undefined): Promise<UsedOfferings> =>
    http.get(`/channels/${channel}/used-offerings`, { query: { catalog } }),
  templates: (channel: string): Promise<TemplateList> => http.get('/templates', { query: { channel } }),
  /** What a template of each category would cost this customer now. */
  prices: (id: string): Promise<PriceList> => http.get(`/conversations/${id}/prices`),
  /** What a message written by hand would cost now, and how many are still free. */
  servicePrice: (id: string): Promise<ServicePrice> => http.get(`/conversations/${id}/service-price`),
  cannedReplies: (): Promise<CannedReplyList> => http.get('/canned-replies'),
  /** `rewinds`: of the conversation when it was looked at. */
  markRead: (id: string, messageId: string, rewinds?: number): Promise<void> =>
    http.post(`/conversations/${id}/read`, { messageId, rewinds }),
  markUnread: (id: string): Promise<Conversation> => http.post(`/conversations/${id}/unread`),
});
