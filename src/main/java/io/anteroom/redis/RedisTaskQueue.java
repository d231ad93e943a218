package io.anteroom.redis;

import io.anteroom.config.Settings;
import io.anteroom.queue.Claim;
import io.anteroom.queue.EffectiveConfig;
import io.anteroom.queue.InstanceFault;
import io.anteroom.queue.Outcome;
import io.anteroom.queue.QueueConfig;
import io.anteroom.queue.QueueConfig.Part;
import io.anteroom.queue.Recovery;
import io.anteroom.queue.Recovery.Reading;
import io.anteroom.queue.Submission;
import io.anteroom.queue.Submission.Receipt;
import io.anteroom.queue.TaskQueue;
import io.anteroom.redis.ReplyMapper.Answers;
import io.anteroom.task.TaskId;
import io.anteroom.task.TaskStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The queue in Redis: one atomic script per verb, over one connection. */
public final class RedisTaskQueue implements TaskQueue {
  /** The most tasks that one step ends when an instance is given up. */
  private static final int MAX_GIVEN_UP = 100;

  private final RedisTransport link;
  private final ScriptRunner scripts;
  private final RecoveryScripts recoveries;
  private final RedisClock clock;
  private final DeadlineCall timed;
  private final RequestStore requests;
  /** The version of the list of instances that this node has published last; it claims no tasks for other instances. */
  private volatile String list = "";

  /** Create it outside of any verticle, whose end would close the connection. */
  public RedisTaskQueue(Vertx vertx, RedisEndpoint endpoint, Settings.Bounds bounds) {
    this(vertx, endpoint, RedisTransport.TIMEOUT, bounds);
  }

  /** With the default bounds. */
  public RedisTaskQueue(Vertx vertx, RedisEndpoint endpoint) {
    this(vertx, endpoint, RedisTransport.TIMEOUT);
  }

  /** With this timeout of a reply, after which Redis counts as away. */
  public RedisTaskQueue(Vertx vertx, RedisEndpoint endpoint, Duration timeout) {
    this(vertx, endpoint, timeout, Settings.Bounds.USUAL);
  }

  private RedisTaskQueue(Vertx vertx, RedisEndpoint endpoint, Duration timeout, Settings.Bounds bounds) {
    this.link = new RedisTransport(vertx, endpoint, timeout);
    this.scripts = new ScriptRunner(vertx, link);
    this.recoveries = new RecoveryScripts(scripts);
    this.clock = new RedisClock(link);
    this.timed = new DeadlineCall(vertx, link, clock);
    this.requests = new RequestStore(scripts, timed, new PayloadCodec(vertx, endpoint.secret()), bounds);
  }

  /** Whether Redis replies now; fails with a {@link RedisAccessException} when it refuses access. */
  public Future<Boolean> reachable() {
    return link.send(Request.cmd(Command.PING)).compose(pong -> RedisAccessException.ofReplica(link.send(
      Request.cmd(Command.ROLE)))).map(true).recover(RedisAccessException::orAway);
  }

  /**
   * Identifies the store, its data and its Redis: two nodes with the same identity share one. Data without a name get
   * one.
   */
  public Future<String> identity() {
    return run(LuaScript.IDENTITY, UUID.randomUUID().toString()).map(answer -> answer.get(0) + "/" + answer.get(1));
  }

  /** Closes the connection. */
  public Future<Void> close() {
    return requests.close().eventually(link::close);
  }

  @Override
  public Future<Instant> time() {
    return scripts.onCaller(clock.now()).map(Instant::ofEpochMilli).recover(away ->
      Future.failedFuture(QueueErrors.unavailable()));
  }

  @Override
  public Future<Receipt> submit(Submission task, Instant until) {
    List<String> first = List.of(task.id().value(), task.user(), task.pool(), task.front() ? "1" : "0",
      task.clientId(), Integer.toString(task.rejectable().ordinal()), Long.toString(ANSWER_WITHIN.toMillis()));
    return requests.store(task, until, stored -> {
      List<Object> args = new ArrayList<>(first);
      args.addAll(stored);
      return scripts.run(LuaScript.SUBMIT, () -> timed.run(LuaScript.SUBMIT, args, until.toEpochMilli()))
        .compose(answer -> Answers.receipt(task.id(), answer));
    });
  }

  @Override
  public Future<Optional<TaskStatus>> acknowledge(TaskId id) {
    return run(LuaScript.ACKNOWLEDGE, id.value()).compose(Answers::acknowledged);
  }

  @Override
  public Future<Boolean> reject(TaskId id) {
    return run(LuaScript.REJECT, id.value()).map(RedisTaskQueue::isYes);
  }

  @Override
  public Future<Optional<TaskStatus>> status(TaskId id) {
    return run(LuaScript.STATUS, id.value()).map(rows -> ReplyMapper.statuses(rows).stream().findFirst());
  }

  @Override
  public Future<List<TaskStatus>> statuses(Collection<TaskId> ids) {
    return run(LuaScript.STATUS, ids.stream().map(TaskId::value).toList()).map(ReplyMapper::statuses);
  }

  @Override
  public Future<List<TaskStatus>> list(String user, int ended) {
    return run(LuaScript.LIST, user, Integer.toString(ended)).map(ReplyMapper::statuses);
  }

  @Override
  public Future<Cancelled> cancel(TaskId id, String user) {
    return run(LuaScript.CANCEL, id.value(), user, "0").compose(answer -> Answers.cancelled(id, answer));
  }

  @Override
  public Future<Cancelled> withdraw(TaskId id, String user) {
    return run(LuaScript.CANCEL, id.value(), user, "1").compose(answer -> Answers.cancelled(id, answer));
  }

  @Override
  public Future<Void> forget(String user, Collection<TaskId> ids) {
    return run(LuaScript.FORGET, args(ids, user)).mapEmpty();
  }

  @Override
  public Future<Map<TaskId, String>> listBodies(String user, Collection<TaskId> ids, long room) {
    return run(LuaScript.LIST_BODIES, args(ids, user, Long.toString(room))).compose(requests::texts);
  }

  @Override
  public Future<Optional<Claim>> claim(String owner) {
    return run(LuaScript.CLAIM, owner, list).map(ReplyMapper::claim);
  }

  @Override
  public Future<RunRequest> open(Claim claim) {
    return requests.open(claim);
  }

  @Override
  public Future<Boolean> beginSubmit(Claim claim) {
    return run(LuaScript.BEGIN_SUBMIT, fenced(claim)).map(RedisTaskQueue::isYes);
  }

  @Override
  public Future<Boolean> markAccepted(Claim claim) {
    return run(LuaScript.MARK_ACCEPTED, fenced(claim)).map(RedisTaskQueue::isYes);
  }

  @Override
  public Future<Boolean> began(Claim claim) {
    return run(LuaScript.BEGAN, fenced(claim)).map(RedisTaskQueue::isYes);
  }

  @Override
  public Future<Renewal> renew(Collection<Claim> claims) {
    return run(LuaScript.RENEW, fenced(claims))
      .map(answer -> new Renewal(ReplyMapper.ids(answer.get(0)), ReplyMapper.ids(answer.get(1))));
  }

  @Override
  public Future<Ending> finish(Claim claim, Outcome outcome, boolean next) {
    List<String> args = fenced(claim);
    args.addAll(List.of(outcome.state().word(), outcome.outputs(), next ? list : "",
      outcome.refused() ? "1" : "0"));
    outcome.error()
      .ifPresent(error -> args.addAll(List.of(error.type(), error.message(), error.details(), error.report())));
    return run(LuaScript.FINISH, args).map(ReplyMapper::ending);
  }

  @Override
  public Future<AfterFault> fault(Claim claim, InstanceFault fault, int maxAttempts) {
    List<String> args = fenced(claim);
    args.addAll(List.of(fault.kind().name().toLowerCase(Locale.ROOT), fault.reason(), Integer.toString(maxAttempts)));
    return run(LuaScript.FAULT, args).map(answer -> AfterFault.values()[answer.toInteger()]);
  }

  @Override
  public Future<Retry> reattempt(Claim claim, String reason) {
    List<String> args = fenced(claim);
    args.addAll(List.of(Integer.toString(claim.attempt()), reason));
    return run(LuaScript.REATTEMPT, args).map(answer -> Retry.values()[answer.toInteger()]);
  }

  @Override
  public Future<Void> handOver(Collection<Claim> claims) {
    return run(LuaScript.HAND_OVER, fenced(claims)).mapEmpty();
  }

  @Override
  public Future<List<Claim>> adopt(String owner, int max) {
    return run(LuaScript.ADOPT, owner, Integer.toString(max)).map(ReplyMapper::claims);
  }

  @Override
  public Future<Integer> expireLeases(String gone, String caller) {
    return run(LuaScript.EXPIRE_LEASES, gone, caller).map(Response::toInteger);
  }

  @Override
  public Future<List<Claim>> recoverClaims(String owner, Collection<TaskId> watched) {
    return run(LuaScript.RECOVER_CLAIMS, args(watched, owner)).map(ReplyMapper::claims);
  }

  @Override
  public Future<News> setInstanceState(String instance, InstanceState state, String reason) {
    return setInstanceState(instance, "", state, reason);
  }

  @Override
  public Future<News> setInstanceState(String instance, String address, InstanceState state, String reason) {
    return run(LuaScript.SET_INSTANCE_STATE, instance, state.name().toLowerCase(Locale.ROOT), reason, address)
      .map(answer -> News.values()[answer.toInteger()]);
  }

  @Override
  public Future<List<Condition>> conditions() {
    return run(LuaScript.CONDITIONS).map(ReplyMapper::conditions);
  }

  @Override
  public Future<List<TaskStatus>> giveUp(Duration timeout) {
    return run(LuaScript.GIVE_UP, Long.toString(timeout.toMillis()), Integer.toString(MAX_GIVEN_UP))
      .map(ReplyMapper::statuses);
  }

  @Override
  public Future<EffectiveConfig> configure(QueueConfig configuration) {
    return run(LuaScript.CONFIGURE, ReplyMapper.of(configuration)).compose(Answers::configured)
      .onSuccess(inForce -> list = configuration.version(Part.INSTANCES));
  }

  @Override
  public Future<EffectiveConfig> effectiveConfiguration() {
    return run(LuaScript.IN_FORCE).map(ReplyMapper::inForce);
  }

  @Override
  public Future<Recovery> nextRecovery(String owner) {
    return recoveries.nextRecovery(owner);
  }

  @Override
  public Future<Optional<String>> generation() {
    return recoveries.generation();
  }

  @Override
  public Future<Recovery.Result> recover(String generation, Collection<Reading> readings) {
    return recoveries.recover(generation, readings);
  }

  @Override
  public Future<List<TaskId>> markLost(Map<TaskId, String> usersOfTasks) {
    return recoveries.markLost(usersOfTasks);
  }

  @Override
  public Future<Stats> stats() {
    return run(LuaScript.STATS, Stream.of(Total.values()).map(Total::word).toList())
      .map(counts -> new Stats(counts.get(0).toInteger(), counts.get(1).toInteger(), counts.get(2).toInteger(),
        counts.get(3).toInteger(), counts.get(4).toInteger(), Duration.ofMillis(counts.get(5).toLong()),
        counts.get(6).toInteger(), counts.get(8).toLong(), totals(counts.get(7))));
  }

  private static Map<Total, Long> totals(Response counts) {
    Map<Total, Long> totals = new EnumMap<>(Total.class);
    for (Total total : Total.values()) {
      Response count = counts.get(total.ordinal());
      totals.put(total, count == null ? 0 : count.toLong());
    }
    return totals;
  }

  private Future<Response> run(LuaScript script, String... args) {
    return run(script, List.of(args));
  }

  private Future<Response> run(LuaScript script, List<String> args) {
    return scripts.run(script, args);
  }

  private static List<String> args(Collection<TaskId> ids, String... first) {
    List<String> args = new ArrayList<>(List.of(first));
    ids.forEach(id -> args.add(id.value()));
    return args;
  }

  private static List<String> fenced(Claim claim) {
    return new ArrayList<>(List.of(claim.id().value(), Long.toString(claim.fence())));
  }

  private static List<String> fenced(Collection<Claim> claims) {
    return claims.stream().flatMap(claim -> fenced(claim).stream()).toList();
  }

  private static boolean isYes(Response answer) {
    return answer.toInteger() == 1;
  }
}
