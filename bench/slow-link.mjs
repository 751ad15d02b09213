// A line to a server that is as far away and as narrow as one says: what it carries is counted.
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes that may be on their way in one direction before the sender waits. */
const window = 1024 * 1024;

/**
 * Opens a line to a port of this machine: `{ rttMs, bytesPerSecond }`, 0 and Infinity for none. Its own port, what it has
 * carried to the client (`bytes`), and what closes it.
 */
export async function slowLink(port, { rttMs, bytesPerSecond }) {
  const counted = { bytes: 0 };
  const sockets = new Set();
  // All connections share the width of the line.
  const line = { free: 0 };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const remote = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    for (const socket of [client, remote]) {
      sockets.add(socket);
      socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    }
    const down = (piece) => {
      counted.bytes += piece.length;
      line.free = Math.max(line.free, performance.now()) + (piece.length / bytesPerSecond) * 1000;
      return line.free;
    };
    carry(client, remote, rttMs / 2, () => performance.now());
    carry(remote, client, rttMs / 2, down);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { host: `127.0.0.1:${server.address().port}`, counted, close };
}

/** Carries pieces in their order, each `ms` after the moment at which the line has taken it. */
function carry(from, to, ms, takenAt) {
  let waiting = 0;
  let last = Promise.resolve();
  const hold = () => (waiting + to.writableLength > window ? from.pause() : from.resume());
  const later = (at, work) => {
    last = last.then(async () => {
      const rest = at + ms - performance.now();
      if (rest > 0) await delay(rest);
      work();
    });
  };
  to.on('drain', hold);
  from.on('data', (piece) => {
    waiting += piece.length;
    hold();
    later(takenAt(piece), () => {
      waiting -= piece.length;
      if (!to.destroyed) to.write(piece);
      hold();
    });
  });
  // What is on its way arrives before the end does.
  from.once('end', () => later(performance.now(), () => to.end()));
  from.once('error', () => later(performance.now(), () => to.destroy()));
}
