package io.anteroom.comfy.objectinfo;

import io.anteroom.async.RequestCoalescer;
import io.anteroom.comfy.json.ResponseBudget;
import io.anteroom.comfy.json.ResponseBudget.Account;
import io.anteroom.comfy.objectinfo.NodeClasses.NodeClass;
import io.anteroom.comfy.protocol.ComfyException;
import io.anteroom.comfy.protocol.ComfyProtocol.Release;
import io.anteroom.directory.Instance;
import io.anteroom.identity.Sha256;
import io.anteroom.task.ApiException;
import io.anteroom.task.TaskError;
import io.anteroom.task.TaskId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node classes of all instances as a node knows them, shared by all its verticles that validate workflows.
 * Instances with equal lists share one copy.
 *
 * <p>The whole list costs an instance up to seconds of the loop that also runs its queue: it is fetched when no request
 * waits for it, and a request that waits fetches single classes.
 */
public final class ObjectInfoCache {
  private static final Logger log = LoggerFactory.getLogger(ObjectInfoCache.class);

  /** All verticles of a node learn at about the same time that a list is to be fetched. */
  private static final Duration WINDOW = Duration.ofMillis(250);
  /** Lists that may be in memory at once before they are parsed, each up to {@link ObjectInfoClient#MAX_BYTES}. */
  private static final int MAX_UNREAD = 2;
  /** Instances whose lists are fetched at once. */
  private static final int MAX_CONCURRENT = 2;

  /** Of this verticle: its connections are closed with it. */
  private final ObjectInfoClient client;
  private final Shared shared;

  /** For the current verticle. */
  public ObjectInfoCache(Vertx vertx, ObjectInfoClient client) {
    this.client = client;
    this.shared = Shared.of(vertx);
  }

  /** A list that went to a page, not parsed yet. */
  private record Offer(Buffer text, long began, Account account) {
  }

  /** The state that all verticles of a node share; offers by instance. */
  private record Shared(
      RequestCoalescer<NodeClasses> requests, ObjectInfoShelf shelf, Semaphore places, Map<String, Offer> offers,
      ResponseBudget budget)
      implements Shareable {
    static Shared of(Vertx vertx) {
      LocalMap<String, Shared> node = vertx.sharedData().getLocalMap("anteroom.object-info");
      return node.computeIfAbsent("shared", first -> new Shared(new RequestCoalescer<>(vertx, WINDOW),
        new ObjectInfoShelf(), new Semaphore(MAX_CONCURRENT), new ConcurrentHashMap<>(), ResponseBudget.of(vertx)));
    }
  }

  /** The list that was fetched last, however long ago: the instance may have changed since. */
  public Optional<NodeClasses> known(Instance instance) {
    return shared.shelf().find(key(instance));
  }

  /** Fetches the whole list; concurrent requests for the same instance are coalesced. */
  public Future<NodeClasses> learn(Instance instance) {
    return shared.requests().ask(key(instance), () -> shared.places().tryAcquire()
      ? fetch(instance).onComplete(done -> shared.places().release())
      : Future.failedFuture(new ComfyException("too many instances are asked for their nodes at once")));
  }

  /** Fetches the lists that are missing, one after the other. Never fails. */
  public Future<Void> learnMissing(Collection<Instance> instances) {
    return learnNext(List.copyOf(instances).iterator());
  }

  /** Takes the whole list with which the instance responded to a page; {@link #read} parses it. */
  public static void offer(Vertx vertx, Instance instance, Buffer text, long began) {
    Map<String, Offer> offers = Shared.of(vertx).offers();
    if (offers.size() < MAX_UNREAD || offers.containsKey(key(instance))) {
      Account account = ResponseBudget.of(vertx).open(reader(instance));
      try {
        account.take(text.length());
        Optional.ofNullable(offers.put(key(instance), new Offer(text, began, account)))
          .ifPresent(older -> older.account().close());
      } catch (ApiException full) {
        log.debug("A list of nodes is not read, memory is short: instance={}", instance.name());
      }
    }
  }

  /** Parses the list that was offered. To be called where parsing megabytes blocks nothing else. */
  public Future<Void> read(Instance instance) {
    Offer offer = shared.offers().remove(key(instance));
    if (offer == null) {
      return Future.succeededFuture();
    }
    return facts(instance).map(facts -> shared.shelf().put(key(instance), offer.text(), facts, offer.began()))
      .onComplete(read -> offer.account().close())
      .mapEmpty();
  }

  /**
   * The known list, with these classes as the instance has them now. Fails when that is not certain.
   *
   * @param names few: each costs the instance about a millisecond
   */
  public Future<NodeClasses> confirm(Instance instance, Collection<String> names) {
    long began = System.nanoTime();
    NodeClasses known = known(instance).orElseThrow();
    Map<String, Optional<NodeClass>> now = new ConcurrentHashMap<>();
    return Future.all(names.stream()
        .map(name -> client.nodeClass(instance, name).onSuccess(found -> now.put(name, found))).toList())
      .map(asked -> known.with(now, began));
  }

  /** Why the instance would refuse this request for {@code /prompt}; fails when that is not certain. */
  public Future<Optional<TaskError>> dryRun(Instance instance, TaskId id, String request) {
    return client.dryRun(instance, id, request);
  }

  private Future<Void> learnNext(Iterator<Instance> instances) {
    while (instances.hasNext()) {
      Instance next = instances.next();
      if (known(next).isEmpty()) {
        return learn(next).<Void>mapEmpty()
          .onFailure(failure -> log.debug("An instance does not say what nodes it has: instance={} cause={}",
            next.name(), failure.getMessage()))
          .otherwiseEmpty().compose(learned -> learnNext(instances));
      }
    }
    return Future.succeededFuture();
  }

  private Future<NodeClasses> fetch(Instance instance) {
    long began = System.nanoTime();
    Account account = shared.budget().open(reader(instance));
    return client.text(instance, account)
      .compose(text -> facts(instance).map(facts -> {
        // It is a string of letters as well while it is read.
        account.take(text.length());
        return shared.shelf().put(key(instance), text, facts, began);
      }))
      .onComplete(done -> account.close());
  }

  private static String reader(Instance instance) {
    return "instance " + instance.name();
  }

  /** Its version, or else the one it reported before; and whether it has a guard that validates. */
  private Future<ObjectInfoShelf.Facts> facts(Instance instance) {
    Future<Boolean> judges = client.judges(instance).otherwise(false);
    return client.release(instance).otherwise(Optional.empty())
      .map(release -> release.or(() -> known(instance).flatMap(NodeClasses::release)))
      .compose(release -> judges.map(judging -> new ObjectInfoShelf.Facts(release, judging)));
  }

  private static String key(Instance instance) {
    return instance.name() + " " + instance.url();
  }

  /**
   * The latest list of each instance: bounded in number and in bytes, equal lists once. The least recently used go
   * first, and the newest always stays; so this is no Caffeine cache, which counts shared content twice and may evict
   * the newest.
   */
  static final class ObjectInfoShelf {
    private static final int MAX_INSTANCES = 1_000;
    private static final long MAX_BYTES = Math.max(16 << 20, Runtime.getRuntime().maxMemory() / 16);

    /** One parsed list. */
    private record Content(String hash, long bytes, Map<String, NodeClass> classes) {
    }

    /** What else an instance reports of itself. */
    record Facts(Optional<Release> release, boolean judges) {
    }

    private record Book(Content content, NodeClasses nodes) {
    }

    /** By instance, least recently used first. Guarded by this. */
    private final Map<String, Book> books = new LinkedHashMap<>(16, 0.75f, true);

    synchronized Optional<NodeClasses> find(String instance) {
      return Optional.ofNullable(books.get(instance)).map(Book::nodes);
    }

    /** Parses the text, unless an equal one is known, and keeps it; fails when it cannot be parsed. */
    NodeClasses put(String instance, Buffer text, Facts facts, long began) {
      String hash = HexFormat.of().formatHex(Sha256.of(text.getBytes()));
      Content content = known(hash).orElseGet(() -> new Content(hash, text.length(), ObjectInfoParser.read(text)));
      NodeClasses nodes = new NodeClasses(facts.release(), content.classes(), facts.judges(), began);
      keep(instance, new Book(content, nodes));
      return nodes;
    }

    private synchronized Optional<Content> known(String hash) {
      return books.values().stream().map(Book::content).filter(content -> content.hash().equals(hash)).findFirst();
    }

    private synchronized void keep(String instance, Book book) {
      books.put(instance, book);
      while (books.size() > 1 && (books.size() > MAX_INSTANCES || bytes() > MAX_BYTES)) {
        books.remove(books.keySet().iterator().next());
      }
    }

    private long bytes() {
      Map<String, Long> distinct = new HashMap<>();
      books.values().forEach(book -> distinct.put(book.content().hash(), book.content().bytes()));
      return distinct.values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
