/** Webhooks that a handler in this process is sent, unwrapped by the unmodified client. */
import { expect, test } from 'vitest';
import { clientOf, failure, receiver, stage } from './stage.js';

test('an event is delivered, again after a failure, and unwraps', async () => {
  await using handler = await receiver();
  handler.statuses.push(500);
  const { project } = stage();
  await project.clock.freeze();
  const endpoint = await project.webhooks.add(handler.url, { eventTypes: ['video.completed'] });
  const client = clientOf(project, endpoint.secret);
  const video = await client.videos.create({ prompt: 'A kite' });
  const passed = await project.clock.advance(300);
  const { body, headers } = handler.came.at(-1)!;
  const event = await client.webhooks.unwrap(body, headers as Record<string, string>);

  const posted = passed.happened.map((one) => one.what).filter((what) => /^webhook/.test(what));
  expect(posted).toEqual(['webhook.failed', 'webhook.delivered']);
  expect([event.type, (event.data as { id: string }).id]).toEqual(['video.completed', video.id]);
  const [delivery] = await project.webhooks.deliveries({ video: video.id });
  expect(delivery!.attempts.map((attempt) => attempt.status)).toEqual([500, 204]);
  expect(headers['webhook-id']).toBe(delivery!.id);
  expect(body).toBe((await project.webhooks.delivery(delivery!)).body);
});

test('a delivery is made again, and an event is made up', async () => {
  await using handler = await receiver();
  const { project } = stage();
  const endpoint = await project.webhooks.add(handler.url);
  const sent = await project.webhooks.send('video.failed', { endpoint });
  const again = await project.webhooks.redeliver(sent.deliveries[0]!);

  expect([again.status, again.attempts.length]).toEqual(['delivered', 2]);
  expect(handler.came.length).toBe(2);
  expect((await project.webhooks.events()).map((one) => one.id)).toEqual([sent.event.id]);
  expect((await project.webhooks.endpoints()).map((one) => one.id)).toEqual([endpoint.id]);
  await project.webhooks.remove(endpoint);
  expect(await project.webhooks.endpoints()).toEqual([]);
});

test('bad weather comes and is ended', async () => {
  await using handler = await receiver();
  const { project } = stage();
  const endpoint = await project.webhooks.add(handler.url);
  const forged = await project.webhooks.weather('wrong-signature', { endpoint });
  await project.webhooks.weather('duplicate', { times: 1 });
  await project.webhooks.send('video.completed');
  const drained = await project.webhooks.drain(20);
  const { body, headers } = handler.came[0]!;
  const client = clientOf(project, endpoint.secret);

  expect([drained.drained, handler.came.length]).toEqual([true, 2]);
  await expect(client.webhooks.unwrap(body, headers as Record<string, string>)).rejects.toThrow();
  expect(await project.webhooks.clearWeather(forged)).toBe(1);
  expect((await failure(project.webhooks.clearWeather(forged))).message).toMatch(/weather/);
});
