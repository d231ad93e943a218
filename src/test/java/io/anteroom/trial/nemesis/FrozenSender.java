package io.anteroom.trial.nemesis;

import io.anteroom.redis.QueueAudit;
import io.anteroom.redis.QueueAudit.Held;
import io.anteroom.simulator.ledger.RunLedger;
import io.anteroom.support.cluster.NodeProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Freezes a node when it has just sent a prompt, which is then held on its way: all checks are behind it. The prompt
 * goes on, and the node with it, when another node has taken the task over and run it. One node at a time.
 */
public final class FrozenSender implements InstanceConnection.Interceptor {
  /** In percent of all prompts that are sent. */
  private static final int SHARE = 5;
  private static final Duration MAX_FREEZE = Duration.ofSeconds(40);
  private static final long POLL_MILLIS = 20;

  private final List<NodeProcess> nodes;
  private final QueueAudit audit;
  private final RunLedger ledger;
  private final Semaphore ice = new Semaphore(1);
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicInteger frozen = new AtomicInteger();

  public FrozenSender(List<NodeProcess> nodes, QueueAudit audit, RunLedger ledger) {
    this.nodes = nodes;
    this.audit = audit;
    this.ledger = ledger;
  }

  @Override
  public void beforePrompt(String instance) throws InterruptedException {
    boolean isDue = frozen.get() * 100 < sent.incrementAndGet() * SHARE;
    if (isDue && ice.tryAcquire()) {
      try {
        Optional<Held> held = audit.heldAt(instance);
        if (held.isPresent()) {
          freeze(held.get());
        }
      } finally {
        ice.release();
      }
    }
  }

  public int sent() {
    return sent.get();
  }

  public int frozen() {
    return frozen.get();
  }

  private void freeze(Held held) throws InterruptedException {
    NodeProcess node =
      nodes.stream().filter(one -> held.owner().startsWith(one.name() + "/")).findFirst().orElseThrow();
    boolean waitsForTheEnd = frozen.incrementAndGet() % 2 == 0;
    node.freeze();
    try {
      long start = System.nanoTime();
      while (!isTakenOver(held.task(), waitsForTheEnd) && System.nanoTime() - start < MAX_FREEZE.toNanos()) {
        Thread.sleep(POLL_MILLIS);
      }
    } finally {
      node.thaw();
    }
  }

  /** Every second prompt comes when the task has ended already. */
  private boolean isTakenOver(String task, boolean andEnded) {
    return andEnded ? ledger.hasEnded(task) : ledger.hasStarted(task);
  }
}
