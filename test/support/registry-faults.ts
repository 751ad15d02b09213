import { type Fault, sendError } from './registry.ts';

/** An error status, with a Retry-After of so many seconds if given. */
export function status(code: number, retryAfter?: number | string, message = 'try again'): Fault {
  return ({ response }) => {
    sendError(response, code, 'ERROR', message, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
  };
}

/** Closes the connection without an answer. */
export const hangUp: Fault = ({ request }) => {
  request.socket.destroy();
};

/** Never answers. */
export const silence: Fault = () => {};

/** Sends so many bytes of the honest body and then drops the connection. Honours Range. */
export function dropAfter(count: number): Fault {
  return ({ request, response, body = Buffer.alloc(0) }) => {
    const start = Number(/^bytes=([0-9]+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers: Record<string, string | number> = { 'content-length': body.length - start };
    if (start > 0) headers['content-range'] = `bytes ${start}-${body.length - 1}/${body.length}`;
    response.writeHead(start > 0 ? 206 : 200, headers);
    response.write(body.subarray(start, start + count), () => request.socket.destroy());
  };
}

/** Sends so many bytes of the honest body and then stays silent. */
export function stallAfter(count: number): Fault {
  return ({ response, body = Buffer.alloc(0) }) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, count));
  };
}

/** Sends one byte every few milliseconds, for ever. */
export function drip(everyMs: number, headers: Record<string, string> = {}): Fault {
  return ({ request, response }) => {
    response.writeHead(200, headers);
    const timer = setInterval(() => response.write('x'), everyMs);
    request.socket.once('close', () => clearInterval(timer));
  };
}

/** Redirects to the same path on another server, or to a full address. */
export function redirect(to: string, code = 307): Fault {
  return ({ request, response }) => {
    const target = /^[a-z]+:\/\/[^/]+$/.test(to) ? `${to}${request.url}` : to;
    response.writeHead(code, { location: target, 'content-length': 0 }).end();
  };
}

/** Answers 200 with this body and these headers. */
export function body(bytes: Buffer | string, headers: Record<string, string | number> = {}): Fault {
  return ({ response }) => {
    response.writeHead(200, headers).end(bytes);
  };
}

/** A body without end, as fast as the other side reads. */
export function endless(headers: Record<string, string | number> = {}, code = 200): Fault {
  return ({ response }) => {
    response.writeHead(code, headers);
    const piece = Buffer.alloc(64 * 1024, 0x20);
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    more();
  };
}

/** Raw bytes on the connection in place of an answer; then it is closed. */
export function raw(text: string): Fault {
  return ({ request }) => {
    request.socket.end(text);
  };
}

/** Headers without end. */
export const endlessHeaders: Fault = ({ request }) => {
  const { socket } = request;
  socket.on('error', () => {});
  socket.write('HTTP/1.1 200 OK\r\n');
  const line = `x-more: ${'y'.repeat(1000)}\r\n`;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(line.repeat(8));
  }, 1);
};
