/// <reference lib="esnext.disposable" />

/**
 * Reelmock in JavaScript tests. Options are written in camelCase; bodies of the API, words of
 * faults and scenarios, and what the server tells are as they are on the wire.
 */

import type {
  Cleared, ClockTold, Closest, Contract, Delivery, DeliveryStatus, Dialect, Drained, Endpoint,
  Entry, EventTold, Expected, Fault, FaultWords, JSONValue, JournalFilters, Named, Operation,
  Pace, Part, Passed, Preload, Restored, ScenarioTold, Spend, Terms, Variant, VideoFacts,
  VideoTold, Weather, WeatherKind,
} from './wire.js';

export type * from './wire.js';

/** What a server that is started here can be told. */
export interface ServerSettings {
  /** How long videos take (default: `fast`, about two seconds). */
  pace?: Pace;
  /** What happens to requests that the hosted service would refuse (default: `strict`). */
  contract?: Contract;
  /** How a Video is written (default: `openai-exact`). */
  dialect?: Dialect;
  /** Scenarios for all projects: ready-made ones' names or files. */
  scenario?: string | readonly string[];
  /** The port on this machine (default: a free one). */
  port?: number;
  /** More flags of `reelmock serve`, as `['--rate-limit', '5']`. */
  args?: readonly string[];
  /** What calls of the control plane must bring (default: nothing; of an image, drawn). */
  adminToken?: string;
  /** Real seconds until it must answer (default: 60; of an image 300). */
  startTimeout?: number;
}

/** A server by a command, which ends when this process does. */
export interface CommandOptions extends ServerSettings {
  /** What starts Reelmock (default: `reelmock`, or else `python3 -m reelmock`). A text is split
   * at its spaces. Of the environment it heeds no `REELMOCK_*`, and no `reelmock.toml`. */
  command?: string | readonly string[];
  url?: undefined;
  image?: undefined;
}

/** A server in a container, on a port of this machine; it is removed when this process ends. */
export interface ImageOptions extends ServerSettings {
  /** The image of Reelmock, as `reelmock:local`. */
  image: string;
  /** The command line of the container engine (default: `docker`). */
  engine?: 'docker' | 'podman' | (string & {}) | readonly string[];
  /** More words for the engine's `run`, as `['--add-host', 'host.docker.internal:host-gateway']`. */
  engineArgs?: readonly string[];
  url?: undefined;
  command?: undefined;
}

/** A server that runs already: nothing is started, and nothing is stopped. */
export interface UrlOptions {
  /** Its address, with or without `/v1`. */
  url: string | URL;
  adminToken?: string | undefined;
  image?: undefined;
  command?: undefined;
}

/** Without `url` (also if that is undefined) or `image`, a command starts the server. */
export type StartOptions = CommandOptions | ImageOptions | UrlOptions;

/**
 * A server for tests. Rejects with a TypeError for options that make no sense, and with a
 * ReelmockError if there is no server, which says why.
 */
export function startReelmock(options?: StartOptions): Promise<ReelmockServer>;
export function startReelmock(
  options: { url: string | undefined; adminToken?: string | undefined },
): Promise<ReelmockServer>;

/** What the server refused, or that none answers. The message ends with the hint. */
export class ReelmockError extends Error {
  name: 'ReelmockError';
  /** What to write instead; empty if nothing is known. */
  readonly hint: string;
  /** The status of HTTP; null where nobody answered. */
  readonly status: number | null;
}

/** A running server. */
export class ReelmockServer {
  private constructor();
  /** As `http://127.0.0.1:40123`; what `startReelmock({ url })` takes elsewhere. */
  readonly address: string;
  /** The base URL for an SDK, `address` and `/v1`. */
  readonly url: string;
  readonly adminToken: string | undefined;
  /**
   * The project of an API key, or, without one, a new project with a key that nobody has.
   * Where `OPENAI_PROJECT_ID` is set, the SDK sends it, and so the project is that of both.
   */
  project(apiKey?: string, openaiProject?: string | null): ReelmockProject;
  /** End the server if it was started here, and wait until it has; may be called again. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One project: its requests are those that are made with its key, and nobody else's. */
export class ReelmockProject {
  private constructor();
  /** The base URL for an SDK; ends in `/v1`. */
  readonly url: string;
  readonly apiKey: string;
  readonly openaiProject: string | null | undefined;
  /** The variables that the official SDKs read, for a process of their own. */
  readonly env: { OPENAI_BASE_URL: string; OPENAI_API_KEY: string; OPENAI_PROJECT_ID?: string };
  readonly clock: Clock;
  readonly faults: Faults;
  readonly scenarios: Scenarios;
  readonly journal: Journal;
  readonly webhooks: Webhooks;

  /** Have a scenario hold: a ready-made one's name, a file's path, or the text of one. */
  scenario(scenario: string | URL): Promise<void>;
  /** Its own pace, contract and dialect; null is the server's. */
  terms(): Promise<Terms>;
  /** Have its requests treated so; what is left out stays, and null gives all back. */
  setTerms(terms: Partial<Terms> | null): Promise<Terms>;
  /** What its videos would have cost at the published prices. */
  spend(): Promise<Spend>;
  /** Dollars that it may spend; then its quota is exhausted. null: the server's own word. */
  setBudget(usd: number | null): Promise<Spend>;
  /** Have videos exist as if they had been made, the oldest first. */
  preload(videos: readonly Preload[]): Promise<VideoTold[]>;
  /** The newest videos, the newest first; nothing of it is journaled. */
  videos(options?: { limit?: number }): Promise<(VideoTold & VideoFacts)[]>;
  /** Complete a video now; it is rendered first. */
  complete(video: string): Promise<VideoTold>;
  /** Fail a video now, with the progress it has; a known code has its own message. */
  fail(video: string, failure?: { code?: string; message?: string }): Promise<VideoTold>;
  /** Have a video in progress, at 0 to 99 percent; from there only calls move it. */
  progress(video: string, percent: number): Promise<VideoTold>;
  /** Have a completed video's bytes go now, as at their expiry. */
  expire(video: string): Promise<VideoTold>;
  /** Back to the first moment, but for the parts to keep. */
  reset(options?: { keep?: readonly Part[] }): Promise<Cleared>;
  /** Videos, bytes, clock and scenarios in one file, a zip. */
  snapshot(): Promise<Uint8Array>;
  /** Make it what a snapshot says. */
  restore(snapshot: Uint8Array): Promise<Restored[]>;

  /**
   * AssertionError unless there was such a call, or exactly so many `times`; it shows the
   * closest one. Expected are parts of an exchange (`video`, `status`, `headers`, ...) and
   * fields of its body: `assertCalled('createVideo', { times: 1, prompt: /sunset/ })`.
   */
  assertCalled(operation: Operation, expected?: Expected & { times?: number }): Promise<void>;
  /** AssertionError if there was such a call. */
  assertNotCalled(operation: Operation, expected?: Expected): Promise<void>;
  /** AssertionError unless these came one after the other, whatever came between them. */
  assertOrder(operations: readonly Operation[]): Promise<void>;
  /** AssertionError unless every byte was sent, in one answer or in several. */
  assertDownloaded(video: string, variant?: Variant): Promise<void>;
  /** AssertionError if the contract let anything pass with a warning. */
  assertNoContractWarnings(): Promise<void>;
  /** AssertionError unless all videos together would have cost less. */
  assertSpendBelow(usd: number): Promise<void>;
}

export interface Clock {
  /** Stop it, now or at an instant (ISO 8601); before now only while the project is empty. */
  freeze(at?: Date | string): Promise<Passed>;
  /** Move it ahead: when this is answered, what was due within the span has happened. */
  advance(seconds: number): Promise<Passed>;
  /** Let it go on from where it stands. */
  resume(): Promise<ClockTold>;
  /** Project seconds that pass in a real one. */
  speed(speed: number): Promise<ClockTold>;
  now(): Promise<Date>;
  isFrozen(): Promise<boolean>;
}

export interface Faults {
  /** Arm one: `{ operation: 'getVideo', status: 503, times: 2, expires_in: 60 }`. */
  add(words: FaultWords | Fault): Promise<Fault>;
  list(): Promise<Fault[]>;
  /** How often it was served; 0 for one that is not armed. */
  served(fault: string | Fault): Promise<number>;
  remove(fault: string | Fault): Promise<void>;
  /** Disarm all; how many there were. */
  clear(): Promise<number>;
}

export interface Scenarios {
  /** A ready-made one's name, a file's path, or the text of one. */
  use(scenario: string | URL): Promise<ScenarioTold[]>;
  /** Give the server's back. */
  clear(): Promise<void>;
  /** How often each rule was applied, by its name. */
  applied(): Promise<Record<string, number>>;
}

export interface Journal {
  /** What was asked and answered, in order; repeated polls are one entry. */
  entries(filters?: JournalFilters): Promise<Entry[]>;
  /** How many exchanges there were, polls each counted; AssertionError if some were forgotten. */
  count(filters?: JournalFilters): Promise<number>;
  /** The operations in order; repeated polls are one. */
  order(): Promise<string[]>;
  /** The entry most like what was expected, and in what it differs. */
  closest(operation?: Operation, expected?: Expected): Promise<Closest>;
  /** Whether every byte was sent, in one answer or in several. */
  wasDownloaded(video: string, variant?: Variant): Promise<boolean>;
  /** Forget everything; how many entries there were. */
  clear(): Promise<number>;
}

export interface Webhooks {
  /** Have events posted to a URL, those of videos if not said, signed with the `secret`. */
  add(url: string | URL, options?: { eventTypes?: readonly string[]; name?: string }):
    Promise<Endpoint & { secret: string }>;
  endpoints(): Promise<Endpoint[]>;
  /** Forget one; what is on its way there is cancelled. */
  remove(endpoint: Named): Promise<void>;
  /** The newest first. */
  deliveries(options?: {
    status?: DeliveryStatus; video?: string; endpoint?: Named; limit?: number;
  }): Promise<Delivery[]>;
  /** One, by the `webhook-id` of its attempts; `body` is what is sent. */
  delivery(delivery: Named): Promise<Delivery & { body: string }>;
  /** Have one delivered again, however it ended; it as it is after the attempt. */
  redeliver(delivery: Named): Promise<Delivery>;
  /** Make up an event; answers when it was attempted. */
  send(type: string, options?: {
    video?: string; fields?: { [name: string]: JSONValue }; endpoint?: Named;
  }): Promise<{ event: EventTold; deliveries: Delivery[] }>;
  /** What was told, the oldest first. */
  events(options?: { video?: string }): Promise<EventTold[]>;
  /** Wait until nothing that is due is unposted, at most so many real seconds (60). */
  drain(seconds?: number): Promise<Drained>;
  /** Have something go wrong on the way, so many times or until it is ended. */
  weather(kind: WeatherKind, options?: {
    endpoint?: Named; times?: number; seconds?: number; signed?: boolean;
  }): Promise<Weather & { met: number }>;
  /** End one, or all that was asked for here; how many. */
  clearWeather(weather?: Named): Promise<number>;
}
