package io.anteroom.api;

import io.anteroom.comfy.InstanceNodes;
import io.anteroom.comfy.ObjectInfos;
import io.anteroom.config.Instance;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at submit what the instance would say when the workflow's turn has come. Objects only to what the instance
 * confirmed after the submit: a picture may have been uploaded, a model added a second ago. When it does not answer, or
 * something is uncertain, there is no objection.
 */
final class EarlyWord {
  private static final Logger log = LoggerFactory.getLogger(EarlyWord.class);

  /** What is longer takes longer to judge than it is worth. */
  private static final int LONGEST_WORKFLOW = 16 << 20;
  private static final int LONGEST_ANSWER = 1 << 20;

  private final ObjectInfos infos;
  private final Duration patience;

  /** @param patience how long it may take; after it, the workflow is judged when its turn has come */
  EarlyWord(ObjectInfos infos, Duration patience) {
    this.infos = infos;
    this.patience = patience;
  }

  /** What the instance certainly objects to. Never fails. */
  Future<Verdict> on(Run run, Instance home) {
    if (run.body().stored().length() > LONGEST_WORKFLOW) {
      return Future.succeededFuture(Verdict.NOTHING);
    }
    long asked = System.nanoTime();
    return infos.recent(home)
      .compose(nodes -> judged(run.graph(), home, nodes, asked))
      .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
      .map(verdict -> verdict.objects() && verdict.answer().encode().length() > LONGEST_ANSWER
        ? Verdict.NOTHING : verdict)
      .recover(failure -> unjudged(home, failure));
  }

  private Future<Verdict> judged(Graph graph, Instance home, InstanceNodes nodes, long asked) {
    Verdict first = Judge.judge(graph, nodes);
    if (!first.objects() || nodes.began() - asked >= 0) {
      return confirmed(first, home);
    }
    return infos.fresh(home).compose(now -> confirmed(Judge.judge(graph, now), home));
  }

  private Future<Verdict> confirmed(Verdict verdict, Instance home) {
    return verdict.lacking()
      .map(className -> infos.lacks(home, className).map(lacks -> lacks ? verdict : Verdict.NOTHING))
      .orElseGet(() -> Future.succeededFuture(verdict));
  }

  private static Future<Verdict> unjudged(Instance home, Throwable failure) {
    log.debug("A workflow could not be judged before its turn: instance={} cause={}", home.name(), failure.toString());
    return Future.succeededFuture(Verdict.NOTHING);
  }
}
