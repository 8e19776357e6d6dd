/** Refusals as the client's own errors. */
import OpenAI from 'openai';
import { refused } from './expect.mjs';

const TYPE = 'invalid_request_error';
const missing = { status: 404, type: TYPE, param: null, code: null };

export const refusals = {
  async 'an unknown video'(client) {
    const words = { ...missing, message: "404 Video with id 'video_123' not found." };
    await refused(() => client.videos.retrieve('video_123'), OpenAI.NotFoundError, words);
    await refused(() => client.videos.downloadContent('video_123'), OpenAI.NotFoundError, words);
  },

  async 'an unknown character'(client) {
    const words = { ...missing, message: "404 Character with id 'char_123' not found." };
    await refused(() => client.videos.getCharacter('char_123'), OpenAI.NotFoundError, words);
  },

  async 'no prompt'(client) {
    const code = 'missing_required_parameter';
    const message = "400 Missing required parameter: 'prompt'.";
    const words = { status: 400, type: TYPE, param: 'prompt', code, message };
    await refused(() => client.videos.create({}), OpenAI.BadRequestError, words);
    await refused(() => client.post('/videos', { body: {} }), OpenAI.BadRequestError, words);
  },

  async 'an unknown parameter'(client) {
    const words = { status: 400, type: TYPE, param: 'width', code: 'unknown_parameter' };
    const body = { prompt: 'x', width: 720 };
    await refused(() => client.videos.create(body), OpenAI.BadRequestError, words);
  },

  async 'a model that is none'(client) {
    const words = { status: 400, type: TYPE, param: 'model', code: 'invalid_value' };
    const body = { prompt: 'x', model: 'sora-1-turbo' };
    await refused(() => client.videos.create(body), OpenAI.BadRequestError, words);
  },

  async 'an unknown path'(client) {
    const words = { ...missing, message: '404 Invalid URL (GET /v1/_stainless_unknown_path)' };
    await refused(() => client.get('/_stainless_unknown_path'), OpenAI.NotFoundError, words);
  },
};
