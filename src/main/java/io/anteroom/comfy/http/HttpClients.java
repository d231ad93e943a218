package io.anteroom.comfy.http;

import io.anteroom.directory.Instance;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes HTTP clients for instances that log a broken connection with its address, and directs requests to one. */
public final class HttpClients {
  private static final Logger log = LoggerFactory.getLogger(HttpClients.class);

  private HttpClients() {
  }

  public static HttpClient create(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
    return vertx.httpClientBuilder().with(options).with(pool).withConnectHandler(HttpClients::follow).build();
  }

  /** Sets the host, port, TLS and base path of an instance; {@code uri} is ComfyUI's own. */
  public static <O extends RequestOptions> O directTo(Instance instance, String uri, O options) {
    options.setHost(instance.url().getHost()).setPort(instance.port()).setSsl(instance.isTls())
      .setURI(instance.basePath() + uri);
    return options;
  }

  /** The requests in flight on it fail by themselves, and are logged by their callers. */
  private static void follow(HttpConnection connection) {
    connection.exceptionHandler(broken -> log.debug("A connection to an instance broke: address={} cause={}",
      connection.remoteAddress(), broken.toString()));
  }
}
