package io.anteroom.bus;

import io.anteroom.task.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.LocalMap;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way onto the event bus: request and reply with {@link Service}, publish and subscribe with {@link Topic}.
 * Messages are records; their JSON form stands beside them.
 */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);

  private final EventBus eventBus;
  /** How often each address is served on this node; shared by all verticles of the node. */
  private final LocalMap<String, Integer> servedHere;

  public Bus(Vertx vertx) {
    eventBus = vertx.eventBus();
    servedHere = vertx.sharedData().getLocalMap("anteroom.served-here");
  }

  /**
   * Requests a reply: from the verticle on this node if it serves the address here, otherwise from any in the cluster.
   *
   * <p>Fails with the {@link ApiException} of the service, or with {@code QUEUE_UNAVAILABLE} when no reply came within
   * {@link Service#timeout}.
   */
  public <Q, A> Future<A> request(Service<Q, A> service, Q content) {
    return send(service, content).recover(failure -> Future.failedFuture(error(service, failure)));
  }

  /** The same for a service that may be absent: empty when the request fails, whatever the reason. */
  public <Q, A> Future<Optional<A>> requestIfPresent(Service<Q, A> service, Q content) {
    return send(service, content).map(Optional::of).recover(failure -> {
      log.debug("No reply on the event bus: address={} cause={}", service.address(), failure.toString());
      return Future.succeededFuture(Optional.empty());
    });
  }

  /** Serves requests on this node; an exception that is no {@link ApiException} is logged and sent as INTERNAL. */
  public <Q, A> Registration serve(Service<Q, A> service, Function<Q, Future<A>> handler) {
    MessageConsumer<JsonObject> consumer = eventBus.consumer(service.address());
    consumer.handler(message -> reply(service, handler, message));
    servedHere.merge(service.address(), 1, Integer::sum);
    return () -> {
      servedHere.computeIfPresent(service.address(), (address, count) -> count > 1 ? count - 1 : null);
      return consumer.unregister();
    };
  }

  /** Publishes to all subscribers in the cluster, those on this node included. */
  public <E> void publish(Topic<E> topic, E event) {
    eventBus.publish(topic.address(), topic.event().write().apply(event));
  }

  /** Subscribes to what any node publishes. */
  public <E> Registration subscribe(Topic<E> topic, Consumer<E> subscriber) {
    MessageConsumer<JsonObject> consumer = eventBus.consumer(topic.address());
    consumer.handler(message -> subscriber.accept(topic.event().read().apply(message.body())));
    return consumer::unregister;
  }

  /** A handler or subscriber on this node, until it is unregistered. */
  @FunctionalInterface
  public interface Registration {
    Future<Void> unregister();
  }

  private <Q, A> Future<A> send(Service<Q, A> service, Q content) {
    DeliveryOptions options = new DeliveryOptions()
      .setSendTimeout(service.timeout().toMillis())
      .setLocalOnly(servedHere.getOrDefault(service.address(), 0) > 0);
    return eventBus.<JsonObject>request(service.address(), service.request().write().apply(content), options)
      .map(reply -> service.reply().read().apply(reply.body()));
  }

  private static <Q, A> void reply(Service<Q, A> service, Function<Q, Future<A>> handler,
      Message<JsonObject> message) {
    Future.succeededFuture(message.body())
      .map(service.request().read())
      .compose(handler)
      .onSuccess(reply -> message.reply(service.reply().write().apply(reply)))
      .onFailure(failure -> fail(service.address(), message, failure));
  }

  private static void fail(String address, Message<JsonObject> message, Throwable failure) {
    ApiException error = failure instanceof ApiException known ? known : unexpected(address, failure);
    message.fail(error.code().status(), ErrorJson.write(error).encode());
  }

  private static ApiException unexpected(String address, Throwable failure) {
    log.error("A service failed unexpectedly: address={}", address, failure);
    return ApiException.of(ApiException.Code.INTERNAL,
      "Anteroom could not do this because of an error of its own; the administrator finds it in the log.",
      "Anteroom 内部出错，未能完成操作；管理员可在日志中查看原因。");
  }

  private static Throwable error(Service<?, ?> service, Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return failure;
    }
    if (reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
      return ErrorJson.read(new JsonObject(reply.getMessage()));
    }
    log.warn("No reply on the event bus: address={} cause={}", service.address(), reply.failureType());
    return ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE,
      "The part of Anteroom that does this did not answer (%s). Nothing that was accepted is lost; try again in a few "
        .formatted(service.address()) + "seconds.",
      "负责此操作的 Anteroom 组件没有响应（%s）。已接受的任务不会丢失，请几秒后重试。".formatted(service.address()));
  }

  /** Both directions between a message and its JSON form. */
  public record Codec<T>(Function<T, JsonObject> write, Function<JsonObject, T> read) {

    /** An empty object: for messages that carry nothing but the fact that they came. */
    static final Codec<Void> NOTHING = new Codec<>(nothing -> new JsonObject(), json -> null);
  }

  /** An {@link ApiException} on the bus: {@code {"code","en","zh","details","report"}}, all texts. */
  static final class ErrorJson {
    private ErrorJson() {
    }

    static JsonObject write(ApiException error) {
      return new JsonObject()
        .put("code", error.code().name())
        .put("en", error.english())
        .put("zh", error.chinese())
        .put("details", error.details())
        .put("report", error.report());
    }

    static ApiException read(JsonObject json) {
      return ApiException.of(ApiException.Code.valueOf(json.getString("code")), json.getString("en"),
        json.getString("zh"))
        .details(json.getString("details")).report(json.getString("report", ""));
    }
  }
}
