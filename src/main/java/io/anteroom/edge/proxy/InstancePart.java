package io.anteroom.edge.proxy;

import io.anteroom.edge.http.RawUri;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Supplier;

/** A part of a student's instance that we answer in its place, because it knows less, tells too much, or is slower. */
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
