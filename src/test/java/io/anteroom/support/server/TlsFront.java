package io.anteroom.support.server;

import static io.anteroom.support.Awaited.done;

import io.anteroom.support.server.TestAuthority.Issued;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;

/** What ends TLS in front of a server on this machine and passes on the bytes, as stunnel or a sidecar does. */
public final class TlsFront {
  private final NetClient client;
  private final NetServer server;
  private final URI behind;

  /** Its end is that of {@code vertx}. */
  public TlsFront(Vertx vertx, Issued shown, URI behind) {
    this.behind = behind;
    client = vertx.createNetClient();
    server = vertx.createNetServer(new NetServerOptions().setSsl(true).setKeyCertOptions(
      new PemKeyCertOptions().addCertPath(shown.chain().toString()).addKeyPath(shown.key().toString())));
    server.connectHandler(this::connected);
    done(server.listen(0, "127.0.0.1"));
  }

  public URI url() {
    return URI.create("https://127.0.0.1:" + server.actualPort());
  }

  private void connected(NetSocket one) {
    one.pause();
    client.connect(behind.getPort(), behind.getHost()).onFailure(away -> one.close()).onSuccess(other -> {
      one.pipeTo(other).onFailure(cut -> other.close());
      other.pipeTo(one).onFailure(cut -> one.close());
    });
  }
}
