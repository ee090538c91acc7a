import { setImmediate } from 'node:timers/promises';
import type { Exchange, Reply } from '../http/index.ts';
import { type Answering, type Asking, type GraphServices, refusal } from './answer.ts';
import { runInOrder } from './batch-order.ts';
import { itemText } from './batch-reply.ts';
import { type BatchItem, readBatch } from './batch-request.ts';
import { faults } from './faults.ts';
import { readBody } from './json-body.ts';
import { type GraphRequest, parseRequest } from './request.ts';

/** Requests of one batch under way together: enough to use the store well, few enough to leave room for other callers. */
const atOnce = 4;

/** Bytes of all answers together. Twenty full pages of large entities would else be held in memory at once. */
const mostBytes = 16_777_216;

/**
 * Answers a batch (Graph contract d.8): its requests go through the same stages as if each had come alone, with the caller of
 * the whole, who is asked for once. A batch that can be read is answered 200, whatever comes of its requests.
 */
export async function answerBatch(
  services: GraphServices,
  answering: Answering,
  asking: Pick<Asking, 'exchange' | 'requestId'>,
): Promise<Reply> {
  try {
    return await answerAll(services, answering, asking);
  } catch (error) {
    return refusal(services, asking, error);
  }
}

async function answerAll(
  services: GraphServices,
  answering: Answering,
  asking: Pick<Asking, 'exchange' | 'requestId'>,
): Promise<Reply> {
  const { exchange, requestId } = asking;
  const request = parseRequest(exchange);
  if (request.method !== 'POST') throw faults.methodNotAllowed({ allow: 'POST' });
  for (const option of request.options.keys()) throw faults.unsupportedOption({ option });
  if (!request.acceptsJson) throw faults.notAcceptable();
  const identity = await services.callerOf(exchange);
  const items = readBatch(await readBody(exchange));
  const identify = async () => identity;
  let left = mostBytes;

  async function run(item: BatchItem, failedDependency: string | undefined): Promise<Reply> {
    try {
      if (failedDependency !== undefined) throw faults.failedDependency({ id: failedDependency });
      if (left < 0 && item.method === 'GET') throw faults.batchAnswerTooLarge();
      // Callers who came meanwhile are served between two requests of a batch.
      await setImmediate();
      const reply = await answering({ exchange: exchangeOf(item, exchange, request), requestId, identify });
      left -= reply.body?.length ?? 0;
      // The answer to a write says what was done, and is never larger than a request.
      if (left < 0 && item.method === 'GET') throw faults.batchAnswerTooLarge();
      return reply;
    } catch (error) {
      return refusal(services, asking, error);
    }
  }

  const replies = await runInOrder(items, atOnce, ({ status }) => status >= 400, run);
  const texts = replies.map((reply, at) => itemText(items[at]?.id ?? '', reply));
  return { status: 200, headers: { 'content-type': 'application/json' }, body: `{"responses":[${texts.join(',')}]}` };
}

/** The item as the listener would hand it over. */
function exchangeOf({ method, url, headers, body }: BatchItem, whole: Exchange, { version }: GraphRequest): Exchange {
  const { authorization = whole.headers.authorization, ...rest } = headers;
  // The token of the batch may be allowed more than the one that the item was meant to be sent with.
  if (authorization !== whole.headers.authorization) {
    throw faults.badHeader({ header: 'Authorization', reason: 'all requests of a batch have one caller' });
  }
  return {
    ...whole,
    method,
    url: urlOf(url, whole.url.origin, version),
    headers: rest,
    body: async () => body ?? Buffer.alloc(0),
  };
}

/** The address of an item, which is relative to the version, with or without a slash before it. Throws `graph.badUrl`. */
function urlOf(text: string, origin: string, version: string): URL {
  const base = `/${version}/`;
  const given = `${origin}${base}${text.replace(/^\//, '')}`;
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // Dots and backslashes may lead out of the version, a fragment means nothing to a server.
  if (!url || url.origin !== origin || !url.pathname.startsWith(base) || url.hash !== '' || /^\/?\w+:\/\//.test(text)) {
    throw faults.badUrl({ reason: 'in a batch it must be relative to the version' });
  }
  return url;
}
