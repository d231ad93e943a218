package io.anteroom.simulator.http;

import io.anteroom.simulator.comfyui.ComfyVersion;
import io.anteroom.simulator.execution.ComfyLoop;
import io.anteroom.simulator.execution.Machine;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first handler of every request: faults, the check of Host and Origin, and common headers. */
public final class RequestFilter {

  private static final Logger log = LoggerFactory.getLogger(RequestFilter.class);
  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|\\[?::1\\]?");
  private static final Pattern IMAGE =
    Pattern.compile(".*\\.(jpe?g|png|gif|svg|webp|bmp|ico|tiff?)", Pattern.CASE_INSENSITIVE);
  private static final String TROUBLE = "500 Internal Server Error\n\nServer got itself in trouble";

  private final Vertx vertx;
  private final ComfyLoop loop;
  private final ComfyVersion version;
  private final FaultInjection faults;

  public RequestFilter(Machine machine, FaultInjection faults) {
    this.vertx = machine.vertx();
    this.loop = machine.loop();
    this.version = machine.version();
    this.faults = faults;
  }

  public void enter(RoutingContext ctx) {
    boolean isForUs = ctx.request().path().startsWith("/sim/");
    if (isForUs) {
      ctx.next();
    } else if (faults.hangsThis()) {
      log.debug("Left a request unanswered: path={}", ctx.request().path());
    } else if (faults.delayMs() > 0) {
      ctx.request().pause();
      vertx.setTimer(faults.delayMs(), waited -> loop.run(() -> checkPaused(ctx)));
    } else if (loop.isHeld()) {
      ctx.request().pause();
      loop.run(() -> checkPaused(ctx));
    } else {
      check(ctx);
    }
  }

  private void checkPaused(RoutingContext ctx) {
    check(ctx);
    ctx.request().resume();
  }

  /** An exception that ComfyUI does not catch. */
  public void fail(RoutingContext ctx) {
    if (ctx.response().ended() || ctx.response().headWritten()) {
      return;
    }
    ctx.response().headers().remove("Content-Security-Policy");
    if (ctx.statusCode() == 413) {
      SimulatorRoutes.answerText(ctx, 413, "Maximum request body size 104857600 exceeded.");
    } else {
      log.debug("A simulated instance answers 500: path={}", ctx.request().path(), ctx.failure());
      ctx.response().putHeader("Connection", "close");
      SimulatorRoutes.answerText(ctx, 500, TROUBLE);
    }
  }

  private void check(RoutingContext ctx) {
    if (isForeign(ctx.request().getHeader("Host"), ctx.request().getHeader("Origin"))) {
      SimulatorRoutes.answerEmpty(ctx, 403);
      return;
    }
    version.contentSecurityPolicy().ifPresent(policy ->
      ctx.response().putHeader("Content-Security-Policy", policy));
    cacheControl(ctx.request().path(), ctx);
    if (ctx.request().method() == HttpMethod.OPTIONS) {
      SimulatorRoutes.answerEmpty(ctx, 200);
    } else {
      ctx.next();
    }
  }

  private void cacheControl(String path, RoutingContext ctx) {
    if (path.endsWith(".js") || path.endsWith(".css")) {
      ctx.response().putHeader("Cache-Control", version.scriptCacheControl());
    } else if (IMAGE.matcher(path).matches()) {
      ctx.response().putHeader("Cache-Control", "public, max-age=86400");
    }
  }

  /** ComfyUI's protection against CSRF; only if Host is this computer. */
  private static boolean isForeign(String host, String origin) {
    if (host == null || origin == null) {
      return false;
    }
    HostAndPort asked = HostAndPort.parseAuthority(host.toLowerCase(Locale.ROOT), -1);
    HostAndPort page = originOf(origin);
    if (asked == null || page == null || !LOOPBACK.matcher(asked.host()).matches()) {
      return false;
    }
    boolean portsCount = asked.port() > 0 && page.port() > 0;
    return !asked.host().equals(page.host()) || portsCount && asked.port() != page.port();
  }

  private static HostAndPort originOf(String origin) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority == null ? null : HostAndPort.parseAuthority(authority.toLowerCase(Locale.ROOT), -1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
