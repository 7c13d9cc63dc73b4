import { FileGone } from './provider';

const MOST_HOPS = 3;

/**
 * The bytes that an address answers. Redirects are followed three times, each through `http` again, as a plain question: what
 * was sent to the first goes no further than its own origin. Throws `FileGone` for 404 and 410.
 * `isOther` knows, by its content type, an answer that is not the file.
 */
export async function openFile(
  http: typeof fetch,
  address: string,
  init: Pick<RequestInit, 'method' | 'headers' | 'body'> = {},
  isOther: (contentType: string) => boolean = () => false,
): Promise<AsyncIterable<Uint8Array>> {
  let url = new URL(address);
  let question: RequestInit = init;
  const home = url.origin;
  for (let hop = 0; hop <= MOST_HOPS; hop++) {
    const response = await http(url, { ...question, redirect: 'manual' });
    const { status, headers, body } = response;
    if (response.ok && body && !isOther(headers.get('content-type') ?? '')) return body;
    await body?.cancel();
    if (status === 404 || status === 410) throw new FileGone('The provider has this file no more.');
    if (response.ok) throw new Error('what was answered is not the file');
    const location = headers.get('location');
    if (status < 300 || status > 399 || location === null)
      throw new Error(`the file was answered with status ${status}`);
    const next = URL.parse(location, url.href);
    if (!next) throw new Error('the file is said to be at no address');
    url = next;
    question = url.origin === home && init.headers && !init.body ? { headers: init.headers } : {};
  }
  throw new Error('the file was led on too often');
}
