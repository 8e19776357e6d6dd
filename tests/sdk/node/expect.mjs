/** What the steps of several files expect of an answer. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

const KEYS = [
  'id', 'object', 'created_at', 'status', 'completed_at', 'error', 'expires_at',
  'model', 'progress', 'prompt', 'remixed_from_video_id', 'seconds', 'size',
];

/** A new video of these fields. */
export function isNew(video, fields) {
  for (const key of KEYS) assert.ok(key in video, `${key} is missing`);
  assert.match(video.id, /^video_[0-9a-f]{48}$/);
  const begins = { object: 'video', status: 'queued', progress: 0, completed_at: null, error: null };
  matches(video, { ...begins, remixed_from_video_id: null, ...fields });
  return video;
}

/** These fields of an answer, whatever else it has. */
export function matches(answer, fields) {
  const found = Object.fromEntries(Object.keys(fields).map((key) => [key, answer[key]]));
  assert.deepEqual(found, fields);
}

/** Retrieves it until it is completed, as often as the server asks for. */
export async function completed(client, { id }) {
  for (;;) {
    const { data: video, response } = await client.videos.retrieve(id).withResponse();
    if (!['queued', 'in_progress'].includes(video.status)) {
      matches(video, { id, status: 'completed', progress: 100, error: null });
      assert.equal(video.expires_at, video.completed_at + 3600);
      return video;
    }
    await wait(Number(response.headers.get('openai-poll-after-ms') ?? 100));
  }
}

/** The bytes of a variant, which must be of this type. */
export async function bytesOf(client, { id }, variant = 'video', type = 'video/mp4') {
  const response = await client.videos.downloadContent(id, { variant });
  assert.equal(response.headers.get('content-type'), type);
  return Buffer.from(await response.arrayBuffer());
}

/** The seconds that an MP4's own header says it lasts. */
export function lengthOf(film) {
  const at = film.indexOf('mvhd') + 4;
  assert.equal(film[at], 0); // version 0: times of four bytes
  return Math.round(film.readUInt32BE(at + 16) / film.readUInt32BE(at + 12));
}

/** What a call is refused with: an error of this class, with these fields. */
export async function refused(call, kind, fields) {
  const error = await call().then(() => null, (thrown) => thrown);
  assert.ok(error instanceof kind, `${error} is no ${kind.name}`);
  matches(error, fields);
  assert.match(error.requestID, /./);
}
