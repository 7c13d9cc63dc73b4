import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A door in front of a service that tests can shut. */
export interface TcpProxy {
  port: number;
  /** Cuts every connection, and refuses new ones until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const track = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
    socket.on('error', () => {}); // its close follows
  };
  const server = createServer((client) => {
    if (!isOpen) return void client.destroy();
    const upstream = connect(target.port, target.host);
    track(client, upstream);
    track(upstream, client);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      isOpen = false;
      cut();
    },
    open: () => {
      isOpen = true;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
