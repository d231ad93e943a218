package io.anteroom.comfy.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the HTTP clients for instances, none of whose broken connections is an error in the log without a name. */
public final class HttpClients {
  private static final Logger log = LoggerFactory.getLogger(HttpClients.class);

  private HttpClients() {
  }

  public static HttpClient create(Vertx vertx, HttpClientOptions options, PoolOptions pool) {
    return vertx.httpClientBuilder().with(options).with(pool).withConnectHandler(HttpClients::follow).build();
  }

  /** What was under way on it fails by itself, and is logged by whoever asked. */
  private static void follow(HttpConnection connection) {
    connection.exceptionHandler(broken -> log.debug("A connection to an instance broke: address={} cause={}",
      connection.remoteAddress(), broken.toString()));
  }
}
