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

/** The only door to the event bus: verticles ask, answer, tell and hear through it, with records. */
public final class Bus {
  private static final Logger log = LoggerFactory.getLogger(Bus.class);

  private final EventBus eventBus;
  /** Addresses that are answered on this node, shared by all verticles of the node. */
  private final LocalMap<String, Integer> answeredHere;

  public Bus(Vertx vertx) {
    eventBus = vertx.eventBus();
    answeredHere = vertx.sharedData().getLocalMap("anteroom.answered-here");
  }

  /**
   * Asks a service: the verticle on this node when there is one, else any in the cluster.
   * Fails with the {@link ApiException} that the service gave, or with one of its own when nobody answered in time.
   */
  public <Q, A> Future<A> ask(Service<Q, A> service, Q question) {
    return request(service, question).recover(failure -> Future.failedFuture(refusal(service, failure)));
  }

  /** The same of a service that need not be there: empty when nobody answers, whatever the reason. */
  public <Q, A> Future<Optional<A>> askIfThere(Service<Q, A> service, Q question) {
    return request(service, question).map(Optional::of).recover(failure -> {
      log.debug("Nobody answered on the event bus: address={} cause={}", service.address(), failure.toString());
      return Future.succeededFuture(Optional.empty());
    });
  }

  /** Answers a service on this node. */
  public <Q, A> Answering serve(Service<Q, A> service, Function<Q, Future<A>> answerer) {
    MessageConsumer<JsonObject> consumer = eventBus.consumer(service.address());
    consumer.handler(message -> answer(service, answerer, message));
    answeredHere.merge(service.address(), 1, Integer::sum);
    return () -> {
      answeredHere.computeIfPresent(service.address(), (address, count) -> count > 1 ? count - 1 : null);
      return consumer.unregister();
    };
  }

  /** Tells everybody, this node's verticles too. */
  public <E> void tell(Topic<E> topic, E event) {
    eventBus.publish(topic.address(), topic.event().write().apply(event));
  }

  /** Hears what anybody tells. */
  public <E> Answering hear(Topic<E> topic, Consumer<E> listener) {
    MessageConsumer<JsonObject> consumer = eventBus.consumer(topic.address());
    consumer.handler(message -> listener.accept(topic.event().read().apply(message.body())));
    return consumer::unregister;
  }

  /** What ends a registration. */
  @FunctionalInterface
  public interface Answering {
    Future<Void> end();
  }

  private <Q, A> Future<A> request(Service<Q, A> service, Q question) {
    DeliveryOptions options = new DeliveryOptions()
      .setSendTimeout(service.patience().toMillis())
      .setLocalOnly(answeredHere.getOrDefault(service.address(), 0) > 0);
    return eventBus.<JsonObject>request(service.address(), service.question().write().apply(question), options)
      .map(reply -> service.answer().read().apply(reply.body()));
  }

  private static <Q, A> void answer(Service<Q, A> service, Function<Q, Future<A>> answerer,
      Message<JsonObject> message) {
    Future.succeededFuture(message.body())
      .map(service.question().read())
      .compose(answerer)
      .onSuccess(answer -> message.reply(service.answer().write().apply(answer)))
      .onFailure(failure -> fail(service.address(), message, failure));
  }

  private static void fail(String address, Message<JsonObject> message, Throwable failure) {
    ApiException refusal = failure instanceof ApiException known ? known : unexpected(address, failure);
    message.fail(refusal.code().status(), RefusalJson.write(refusal).encode());
  }

  private static ApiException unexpected(String address, Throwable failure) {
    log.error("A service failed for a reason that nobody foresaw: address={}", address, failure);
    return ApiException.of(ApiException.Code.INTERNAL,
      "Anteroom could not do this because of an error of its own; the administrator finds it in the log.",
      "Anteroom 内部出错，未能完成操作；管理员可在日志中查看原因。");
  }

  private static Throwable refusal(Service<?, ?> service, Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return failure;
    }
    if (reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
      return RefusalJson.read(new JsonObject(reply.getMessage()));
    }
    log.warn("Nobody answered on the event bus: address={} cause={}", service.address(), reply.failureType());
    return ApiException.of(ApiException.Code.QUEUE_UNAVAILABLE,
      "The part of Anteroom that does this did not answer (%s). Nothing that was accepted is lost; try again in a few "
        .formatted(service.address()) + "seconds.",
      "负责此操作的 Anteroom 组件没有响应（%s）。已接受的任务不会丢失，请几秒后重试。".formatted(service.address()));
  }

  /** Both directions between a message and its JSON. */
  public record Codec<T>(Function<T, JsonObject> write, Function<JsonObject, T> read) {

    /** For requests whose answer says no more than that it was done. */
    static final Codec<Void> NOTHING = new Codec<>(nothing -> new JsonObject(), json -> null);
  }

  /** A refusal on the bus: {@code {"code","en","zh","details","report"}}. */
  static final class RefusalJson {
    private RefusalJson() {
    }

    static JsonObject write(ApiException refusal) {
      return new JsonObject()
        .put("code", refusal.code().name())
        .put("en", refusal.english())
        .put("zh", refusal.chinese())
        .put("details", refusal.details())
        .put("report", refusal.report());
    }

    static ApiException read(JsonObject json) {
      return ApiException.of(ApiException.Code.valueOf(json.getString("code")), json.getString("en"),
        json.getString("zh"))
        .details(json.getString("details")).report(json.getString("report", ""));
    }
  }
}
