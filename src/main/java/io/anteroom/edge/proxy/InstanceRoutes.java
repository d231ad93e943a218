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

/** A student's instance: its sockets, the parts of it that we answer in its place, and all else that it answers. */
public final class InstanceRoutes {
  /** Names an instance that an answer leaves out, percent-encoded; our script tells the student. */
  static final String LEFT_OUT = "X-Anteroom-Left-Out";

  private final Supplier<Directory> directory;
  private final ResponseBudget budget;
  private final SocketRoute sockets;
  private final List<InstancePart> parts;
  private final ReverseProxy upstream;

  /** @param parts asked in this order */
  public InstanceRoutes(Supplier<Directory> directory, ResponseBudget budget, SocketRoute sockets,
    List<InstancePart> parts,
      ReverseProxy upstream) {
    this.directory = directory;
    this.budget = budget;
    this.sockets = sockets;
    this.parts = List.copyOf(parts);
    this.upstream = upstream;
  }

  /** Done when the request has been answered; what was read for it is then forgotten. */
  public Future<Void> handle(HttpServerRequest request, Access visitor, Instance home, RawUri uri) {
    if (HttpMethods.wantsSocket(request)) {
      return sockets.open(request, visitor, home, uri);
    }
    Visit visit = new Visit(visitor.name(), home, directory.get().isShared(home), budget.open(visitor.counted()),
      instance -> leaveOut(request, instance));
    return parts.stream()
      .map(part -> part.find(request, visit, uri))
      .flatMap(Optional::stream)
      .findFirst()
      .map(Supplier::get)
      .orElseGet(() -> upstream.forward(request, visit, uri))
      .onComplete(answered -> visit.account().close());
  }

  private static void leaveOut(HttpServerRequest request, Instance instance) {
    if (!request.response().headWritten()) {
      request.response().headers().add(LEFT_OUT, URLEncoder.encode(instance.name(), StandardCharsets.UTF_8));
    }
  }

  /**
   * A part of a student's instance that we answer in its place, because it knows less, tells too much, or is slower.
   */
  @FunctionalInterface
  public interface InstancePart {

    /** What answers this request, done when the answer has been sent; empty when it is none of this part's. */
    Optional<Supplier<Future<Void>>> find(HttpServerRequest request, Visit visit, RawUri uri);

    /** The same part, of whose answers each user of an instance has a share at a time. */
    default InstancePart within(FairShares shares) {
      return (request, visit, uri) -> find(request, visit, uri).map(answer -> () ->
        shares.with(visit.home().name(), visit.counted(), FairShares.gone(request), answer));
    }
  }

  /**
   * Whose panel asks.
   *
   * @param home    the instance whose page the student sees
   * @param shared  whether others run on that instance too, so that only what is known to be the student's may be told
   * @param account on which answers of instances are read for this one request
   * @param leftOut told each instance without which the request is answered
   */
  public record Visit(
      String user, Instance home, boolean shared, ResponseBudget.Account account, Consumer<Instance> leftOut) {
    /** Under which name this request counts: a viewer uses up nothing of the one whose page they view. */
    public String counted() {
      return account.reader();
    }
  }
}
