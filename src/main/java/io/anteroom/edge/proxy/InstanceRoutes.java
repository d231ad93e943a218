package io.anteroom.edge.proxy;

import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.directory.Directory;
import io.anteroom.directory.Instance;
import io.anteroom.edge.auth.Authorizer.Access;
import io.anteroom.edge.http.HttpMethods;
import io.anteroom.edge.http.RawUri;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Routes requests to a student's instance: sockets, the parts that Anteroom answers itself, and all else by proxy. */
public final class InstanceRoutes {
  /** Names an instance that is missing from a response, percent-encoded; the script shows it to the student. */
  static final String LEFT_OUT = "X-Anteroom-Left-Out";

  private final Supplier<Directory> directory;
  private final ResponseBudget budget;
  private final SocketRoute sockets;
  private final List<InstancePart> parts;
  private final ReverseProxy proxy;

  /** @param parts tried in this order */
  public InstanceRoutes(Supplier<Directory> directory, ResponseBudget budget, SocketRoute sockets,
      List<InstancePart> parts, ReverseProxy proxy) {
    this.directory = directory;
    this.budget = budget;
    this.sockets = sockets;
    this.parts = List.copyOf(parts);
    this.proxy = proxy;
  }

  /** Done when the response has been sent; the memory for it is then released. */
  public Future<Void> handle(HttpServerRequest request, Access access, Instance home, RawUri uri) {
    if (HttpMethods.wantsSocket(request)) {
      return sockets.open(request, access, home, uri);
    }
    RequestContext context = new RequestContext(access.name(), home, directory.get().isShared(home),
      budget.open(access.counted()), instance -> leaveOut(request, instance));
    return parts.stream()
      .map(part -> part.find(request, context, uri))
      .flatMap(Optional::stream)
      .findFirst()
      .map(Supplier::get)
      .orElseGet(() -> proxy.forward(request, context, uri))
      .onComplete(answered -> context.account().close());
  }

  private static void leaveOut(HttpServerRequest request, Instance instance) {
    if (!request.response().headWritten()) {
      request.response().headers().add(LEFT_OUT, URLEncoder.encode(instance.name(), StandardCharsets.UTF_8));
    }
  }

  /**
   * A part of a student's instance that Anteroom answers itself: the instance knows less, shows too much, or is slower.
   */
  @FunctionalInterface
  public interface InstancePart {

    /**
     * The handler of this request, done when the response has been sent; empty when the request is not for this part.
     */
    Optional<Supplier<Future<Void>>> find(HttpServerRequest request, RequestContext context, RawUri uri);

    /** The same part with a fair share of concurrent requests for each user of an instance. */
    default InstancePart within(FairShares shares) {
      return (request, context, uri) -> find(request, context, uri).map(answer -> () ->
        shares.with(context.home().name(), context.counted(), FairShares.gone(request), answer));
    }
  }

  /**
   * The context of one request to a student's instance.
   *
   * @param user    the student
   * @param home    the instance whose page the student sees
   * @param shared  whether others run on that instance too, so that only what is known to be the student's may be shown
   * @param account of the memory for responses of instances to this request
   * @param leftOut receives each instance that is missing from the response
   */
  public record RequestContext(
      String user, Instance home, boolean shared, ResponseBudget.Account account, Consumer<Instance> leftOut) {
    /** The key of the sender's limits: a viewer uses up none of the owner's. */
    public String counted() {
      return account.reader();
    }
  }
}
