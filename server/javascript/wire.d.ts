/** What a server takes and tells, as it is on the wire, and what tests expect of it. */

export type Pace = 'instant' | 'fast' | 'realistic' | 'manual';
export type Contract = 'strict' | 'standard' | 'loose';
export type Dialect = 'openai' | 'openai-exact' | 'documented';
export type Variant = 'video' | 'thumbnail' | 'spritesheet';
export type VideoStatus = 'queued' | 'in_progress' | 'completed' | 'failed';
export type JSONValue =
  | string | number | boolean | null | readonly JSONValue[] | { readonly [name: string]: JSONValue };

/** An id, or what was told of it. */
export type Named = string | { readonly id: string };

export type Operation =
  | 'createVideo' | 'listVideos' | 'getVideo' | 'deleteVideo' | 'getVideoContent'
  | 'headVideoContent' | 'remixVideo' | 'editVideo' | 'extendVideo' | 'createCharacter'
  | 'getCharacter' | 'createFile' | 'listFiles' | 'getFile' | 'deleteFile' | 'getFileContent'
  | 'headFileContent' | 'listModels' | 'getModel' | 'deleteModel' | 'createWebhookEndpoint'
  | 'listWebhookEndpoints' | 'getWebhookEndpoint' | 'updateWebhookEndpoint'
  | 'deleteWebhookEndpoint' | 'rotateWebhookSecret' | 'testWebhookEndpoint'
  | 'listWebhookEventTypes';

/** What can be expected of a field besides being equal; of several, all. */
export interface Lookup {
  contains?: string;
  startsWith?: string;
  endsWith?: string;
  oneOf?: readonly (string | number)[];
  not?: string | number | boolean | RegExp;
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
}

export type ExpectedValue =
  | string | number | boolean | null | RegExp | Lookup | readonly ExpectedValue[]
  | { readonly [name: string]: ExpectedValue };

/** Parts of an exchange, and any fields of its body; a field named like a part is in `body`. */
export interface Expected {
  video?: string | RegExp | Lookup;
  variant?: Variant;
  /** HTTP's. */
  status?: number | Lookup;
  method?: string;
  path?: string | RegExp | Lookup;
  rule?: string | null;
  headers?: { readonly [name: string]: ExpectedValue };
  body?: { readonly [name: string]: ExpectedValue };
  readonly [field: string]: ExpectedValue | undefined;
}

export interface JournalFilters {
  operation?: Operation;
  video?: string;
  variant?: Variant;
  /** HTTP's. */
  status?: number;
  method?: string;
  path?: string;
  rule?: string;
  /** Project time, as the next. */
  since?: Date | string;
  until?: Date | string;
  /** The number of an entry. */
  after?: number;
  limit?: number;
}

/** One exchange, or polls of one video that were all answered alike. Times are ISO 8601. */
export interface Entry {
  number: number;
  project: string;
  request: string;
  operation: Operation | null;
  method: string;
  path: string;
  query: string;
  video: string | null;
  /** The video's statuses that were told, in order. */
  statuses: string[];
  /** HTTP's; null if nothing was answered. */
  status: number | null;
  at: string;
  polls: {
    count: number; first: string; last: string; smallest_gap: number | null; same: number;
  } | null;
  headers: Record<string, string>;
  body: any;
  answer: { headers: Record<string, string>; body: any; bytes: number };
  rule: string | null;
  passed: { rule: string; why: string }[];
  fault: { [word: string]: JSONValue } | null;
  warnings: { rule: string; message: string }[];
  wall: {
    received_at: string; milliseconds: number; host: string; serial: number;
    last_serial?: number; last_received_at?: string; smallest_gap?: number | null;
  };
}

export interface Closest {
  entry: Entry | null;
  differences: string[];
}

export interface ClockTold {
  now: string;
  unix: number;
  state: 'frozen' | 'running';
  speed: number;
}

/** What a verb of the clock came to; `open` are videos whose renders were not in time. */
export interface Passed extends ClockTold {
  happened: { at: string; what: string; id: string }[];
  open: string[];
  left: number;
}

export interface Terms {
  pace: Pace | null;
  contract: Contract | null;
  dialect: Dialect | null;
}

/** The words of a scenario's `when` and `fault`, side by side. */
export interface FaultWords {
  name?: string;
  times?: number;
  expires_in?: number;
  operation?: Operation | readonly Operation[];
  video?: string;
  variant?: Variant;
  model?: string;
  size?: string;
  seconds?: number;
  /** A text that stands in it, or `/an expression/i`. */
  prompt?: string;
  key?: string;
  header?: { readonly [name: string]: string };
  nth?: number | readonly number[];
  every?: number;
  probability?: number;
  status?: number;
  error?: string;
  message?: string;
  code?: string;
  type?: string;
  retry_after?: number;
  after?: boolean;
  delay?: number;
  drip?: number;
  reset?: boolean;
  truncate?: number;
  length?: 'right' | 'short';
  content_type?: string;
  corrupt?: boolean;
  status_word?: string;
  lost?: boolean;
  redirect?: boolean;
}

/** An armed fault; it can be sent back to `add`. */
export interface Fault extends Omit<FaultWords, 'name' | 'times' | 'expires_in'> {
  id: string;
  times: number | null;
  served: number;
  expires_at: string | null;
}

export interface ScenarioTold {
  name: string;
  about: string;
  rules: { name: string; applied: number }[];
}

export interface Spend {
  usd: number;
  budget: number | null;
  models: Record<string, { videos: number; usd: number }>;
  videos: Record<string, number>;
}

/** A video that is to exist; of it only the prompt must be said. */
export interface Preload {
  prompt: string;
  id?: string;
  model?: string;
  seconds?: number | string;
  size?: string;
  status?: VideoStatus;
  progress?: number;
  error?: string | { code: string; message?: string };
  remixed_from_video_id?: string;
  created_at?: number | string;
  created_ago?: number;
  completed_at?: number | string;
  completed_ago?: number;
  failed_at?: number | string;
  failed_ago?: number;
}

export interface VideoTold {
  id: string;
  status: VideoStatus;
  progress: number;
  completed_at: string | null;
  expires_at: string | null;
  error: { code: string; message: string } | null;
}

export interface VideoFacts {
  created_at: string;
  kind: 'create' | 'remix' | 'edit' | 'extend';
  model: string;
  prompt: string;
  size: string;
  seconds: number;
}

export type Part =
  | 'videos' | 'files' | 'characters' | 'clock' | 'scenarios' | 'faults' | 'journal' | 'budget'
  | 'webhooks' | 'terms';

export interface Cleared {
  videos: number;
  files: number;
  characters: number;
  endpoints: number;
  faults: number;
  exchanges: number;
  kept: Part[];
}

export interface Restored {
  project: string;
  videos: number;
  files: number;
  characters: number;
}

export interface Endpoint {
  id: string;
  project: string | null;
  name: string;
  url: string;
  event_types: string[];
  secret_hint: string;
  created_at: string;
  weather: Weather[];
}

export type DeliveryStatus = 'waiting' | 'delivered' | 'exhausted' | 'dropped' | 'cancelled';

export interface Delivery {
  id: string;
  endpoint: string;
  status: DeliveryStatus;
  due_at: string | null;
  held: boolean;
  event: EventTold;
  attempts: Attempt[];
}

/** One POST; `at` is project time, `real_at` and `seconds` are real. */
export interface Attempt {
  number: number;
  at: string;
  real_at: string;
  status: number | null;
  error: string | null;
  answer: string;
  seconds: number;
  weather: WeatherKind[];
}

export interface EventTold {
  id: string;
  project: string;
  place: number;
  type: string;
  created_at: string;
  video: string;
  fields: { [name: string]: JSONValue };
}

export interface Drained {
  drained: boolean;
  waiting: number;
  next_due: string | null;
  open: string[];
}

export type WeatherKind =
  | 'duplicate' | 'reorder' | 'delay' | 'drop' | 'stale-timestamp' | 'wrong-signature'
  | 'malformed-body' | 'early';

export interface Weather {
  id: string;
  kind: WeatherKind;
  endpoint: string | null;
  times: number | null;
  seconds: number | null;
  signed: boolean;
}
